// Package problems carries the rules by which open problems rise to the office above. They are read and checked by
// internal/domain/problem.
package problems

import "embed"

// FS holds the rules.
//
//go:embed *.yaml
var FS embed.FS
