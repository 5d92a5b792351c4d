// Package lists carries how the rows of a list form become projects: which date is which stage of a lifecycle. It is read and
// checked by internal/domain/projectlist.
package lists

import "embed"

// FS holds the tables.
//
//go:embed *.yaml
var FS embed.FS
