//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package db

import (
	"io"
	"math"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// holdDirectory does nothing here: SQLite's own locks still keep the data whole, but a second server is not refused. The
// supported servers are Linux; this file keeps the command line building elsewhere.
func holdDirectory(string) (io.Closer, error) { return io.NopCloser(strings.NewReader("")), nil }

// freeBytes cannot tell here.
func freeBytes(string) (uint64, error) { return math.MaxUint64, nil }

func hostFault(err error, path string) error {
	return fault.Because(err, fault.Invalid, KeyCannotOpen, "path", path)
}
