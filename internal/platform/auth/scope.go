package auth

import (
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Scope is the rows that a query may see (数据范围). The zero Scope sees nothing.
//
// Path is the path of an org, its ids from the city down joined and ended by ".": "350500.350582."; rows whose org path
// begins with it are seen. Enterprise, when set, means that enterprise's rows only, and then there is no Path.
type Scope struct {
	City       string
	Path       string
	Enterprise string
}

const pathEnd = "."

// Whole is the scope of everything in a city, whose root org has the city's code as its id.
func Whole(city string) Scope {
	if city == "" {
		return Scope{}
	}
	return Scope{City: city, Path: city + pathEnd}
}

// None says whether the scope sees nothing at all.
func (s Scope) None() bool {
	return s.City == "" || s.Path == "" && s.Enterprise == ""
}

// Range gives the bounds of the subtree for SQL: path >= from AND path < to. Where the scope has no subtree both are
// empty, which matches nothing.
func (s Scope) Range() (from, to string) {
	if s.None() || !isPath(s.Path) {
		return "", ""
	}
	// "/" is the character after ".", so this is the first text behind all that begin with Path
	return s.Path, strings.TrimSuffix(s.Path, pathEnd) + "/"
}

// Within says whether the org with this path lies in the scope's subtree.
func (s Scope) Within(path string) bool {
	return !s.None() && isPath(s.Path) && isPath(path) && strings.HasPrefix(path, s.Path)
}

// Narrow gives the part of the scope at or under the org with this path.
// Errors: NotFound "org.not_found" when it lies outside: the caller is not told that it exists.
func (s Scope) Narrow(path string) (Scope, error) {
	if !s.Within(path) {
		return Scope{}, fault.New(fault.NotFound, "org.not_found")
	}
	return Scope{City: s.City, Path: path, Enterprise: s.Enterprise}, nil
}

func isPath(p string) bool { return len(p) > len(pathEnd) && strings.HasSuffix(p, pathEnd) }
