// Package lifecycles carries the lifecycles that the product ships (生命周期), one YAML file per version: stages, their order,
// what is demanded before a stage and what counts as entered by a rule. They are read and checked by
// internal/domain/lifecycle.
package lifecycles

import "embed"

// FS holds the lifecycles.
//
//go:embed *.yaml
var FS embed.FS
