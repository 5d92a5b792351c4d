//go:build race

package conform

// raced says that the race detector slows the SQLite driver, which is Go, about twenty times.
const raced = true
