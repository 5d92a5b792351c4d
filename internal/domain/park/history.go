package park

import "github.com/parkbrain/parkbrain/internal/kit/figure"

// verdict says what a statement means beside what was already stated of the same field of the same park.
type verdict uint8

const (
	repeats  verdict = iota // somebody already said exactly this and it stands: nothing to write
	replaces                // it stands, and an older statement of the same source no longer does
	beside                  // it stands beside what others said
	outdated                // its source has said something later already: kept as history, marked replaced
)

// weigh gives the verdict on b beside the history of its field, and the standing figure that it replaces or is outdated by.
//
// A source has at most one standing figure per field. Its later statement replaces the earlier one; later means a later
// as-of date where both say one, else the order of recording. So a list of last year that is read after this year's adds
// to the history and does not take this year's figures away, in whichever order the two are read.
func weigh(history []figure.Figure, b figure.Figure) (verdict, figure.Figure) {
	for _, a := range history {
		if a.Replaced != "" || a.Field != b.Field || a.Source != b.Source {
			continue
		}
		if figure.SameStatement(a, b) {
			return repeats, a
		}
		if b.AsOf == 0 || a.AsOf <= b.AsOf {
			return replaces, a
		}
		for _, old := range history {
			if old.Replaced != "" && figure.SameStatement(old, b) {
				return repeats, old
			}
		}
		return outdated, a
	}
	return beside, figure.Figure{}
}
