// Package reviews carries the scale of grades of quarter reviews. It is read and checked by internal/domain/review.
package reviews

import "embed"

// FS holds the scale.
//
//go:embed *.yaml
var FS embed.FS
