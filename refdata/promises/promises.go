// Package promises carries what counties ask of the enterprises in their parks, one YAML file for each rule that was published.
// They are read and checked by internal/domain/promise.
package promises

import "embed"

// FS holds the packs.
//
//go:embed *.yaml
var FS embed.FS
