// Package enrolment carries the rule packs by which enterprises enter the statistics bureau's list (纳统), one per province.
// They are read and checked by internal/domain/enrolment.
package enrolment

import "embed"

// FS holds the packs, one YAML file each.
//
//go:embed *.yaml
var FS embed.FS
