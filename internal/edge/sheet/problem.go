package sheet

import "unicode/utf8"

// MaxProblems is how many problems of one file are kept; a file with more is not mended cell by cell.
const MaxProblems = 1000

// Problem is what is wrong with one cell or row, in the terms of the file that was sent.
type Problem struct {
	Sheet  string // empty for CSV
	Row    int    // 0 when it is not about one row
	Column string // header as written; empty when it is not about a named column
	Cell   string // "B17"
	Text   string // what the cell holds, shortened
	Key    string // message key
	Args   map[string]any
}

// Problems collects problems up to MaxProblems and counts the rest. The zero value is ready to use.
type Problems struct {
	List []Problem
	More int // how many were found beyond List
}

// Add takes one more problem.
func (p *Problems) Add(one Problem) {
	if len(p.List) >= MaxProblems {
		p.More++
		return
	}
	p.List = append(p.List, one)
}

// Count is the number of all problems found, kept or not.
func (p *Problems) Count() int { return len(p.List) + p.More }

// clip shortens a text for a message to 80 characters.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 80 {
		return s
	}
	return string([]rune(s[:min(len(s), 4*81)])[:79]) + "…"
}
