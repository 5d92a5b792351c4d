// Package indicators carries the indicator packs: YAML files that define every headline number. They are read and checked
// by internal/domain/indicator.
package indicators

import "embed"

// FS holds the packs, one YAML file each.
//
//go:embed *.yaml
var FS embed.FS
