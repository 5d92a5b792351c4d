// Package web carries the built browser application inside the binary.
//
// `npm run build` in this folder writes the application to dist/app. A tree in
// which nobody ran it still compiles: dist/placeholder, which is committed, then
// stands in with one page that says what to run. The package serves nothing and
// knows no route; edge/httpserver decides about paths, caching and compression.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist returns the files of the application with index.html at the root: the
// built one when it exists, else the placeholder page. A file that has a
// compressed copy carries it beside itself under its name plus ".gz". Files
// under assets/ have a hash of their content in their name and never change.
func Dist() fs.FS {
	if Built() {
		return sub("dist/app")
	}
	return sub("dist/placeholder")
}

// Built reports whether the application was built before this binary.
func Built() bool {
	_, err := fs.Stat(dist, "dist/app/index.html")
	return err == nil
}

// sub cannot fail: fs.Sub refuses only malformed names, and both are constants.
func sub(dir string) fs.FS {
	tree, err := fs.Sub(dist, dir)
	if err != nil {
		panic(err)
	}
	return tree
}
