// Package lights carries templates of red, yellow and green lights as other places published them, one YAML file each. They
// are read and checked by internal/domain/light.
package lights

import "embed"

// FS holds the templates.
//
//go:embed *.yaml
var FS embed.FS
