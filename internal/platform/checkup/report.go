package checkup

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Report is what Run found.
type Report struct {
	Engine db.Engine `json:"engine"`
	Schema int       `json:"schema"` // version of the schema; 0 where there is none
	Checks []Check   `json:"checks"`
	Heads  []Head    `json:"heads"` // ends of the audit trails that are sound; never nil
}

// Head is the end of a city's audit trail. Noted elsewhere, it shows later that the trail was not written anew.
type Head struct {
	City string `json:"city"`
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // hexadecimal
}

// Check is one thing that was asked of the database.
type Check struct {
	Name    string   `json:"name"` // schema, file, types, texts, constraints, references, dates, audit, orphans, consistency
	Outcome Outcome  `json:"outcome"`
	Rows    int64    `json:"rows"`   // looked at, once for each thing asked of them; pages of the file, lines of the audit trail
	Broken  []Broken `json:"broken"` // the first ones, at most MaxBroken; never nil
	More    int64    `json:"more"`   // broken ones beyond those
}

// Outcome of a check.
type Outcome string

// The outcomes.
const (
	Sound   Outcome = "sound"
	Damaged Outcome = "broken"
	Engine  Outcome = "engine"  // not asked: the database engine itself keeps this
	Skipped Outcome = "skipped" // not asked: damage found before makes the answer worthless
)

// MaxBroken is how many broken rows a check names; the rest is counted.
const MaxBroken = 20

// Broken is one broken thing. Table, Row and Column are empty where nothing so exact can be said.
type Broken struct {
	Table  string         `json:"table"`
	Row    string         `json:"row"` // primary key: "city=350500 id=01J…"
	Column string         `json:"column"`
	Key    string         `json:"key"` // message key of what is wrong
	Args   map[string]any `json:"args,omitempty"`
}

// Where names the place in one word: park[city=350500 id=p1].org.
func (b Broken) Where() string {
	out := b.Table
	if b.Row != "" {
		out += "[" + b.Row + "]"
	}
	if b.Column != "" {
		out += "." + b.Column
	}
	return out
}

// Count is the number of broken things that the check found.
func (c Check) Count() int64 { return int64(len(c.Broken)) + c.More }

// Count is the number of broken things in all checks.
func (r Report) Count() (n int64) {
	for _, c := range r.Checks {
		n += c.Count()
	}
	return n
}

// First is the first broken thing that a row can be named of; where there is none, the first one. ok is false when
// nothing is broken.
func (r Report) First() (b Broken, ok bool) {
	for _, c := range r.Checks {
		for _, one := range c.Broken {
			if one.Row != "" {
				return one, true
			}
			if !ok {
				b, ok = one, true
			}
		}
	}
	return b, ok
}

// add names b, or counts it when enough are named.
func (c *Check) add(b Broken) {
	if len(c.Broken) == MaxBroken {
		c.More++
		return
	}
	c.Broken = append(c.Broken, b)
}

// args makes the arguments of a message from alternating names and values; nil of none.
func args(kv ...any) map[string]any {
	if len(kv) == 0 {
		return nil
	}
	m := make(map[string]any, len(kv)/2)
	for i := 0; i+1 < len(kv); i += 2 {
		m[kv[i].(string)] = kv[i+1]
	}
	return m
}

// maxShown bounds the text of a value in a finding, in characters.
const maxShown = 80

// show writes a value of whatever type the database gave, so that it can be read and is no flood.
func show(v any) string {
	switch x := v.(type) {
	case nil:
		return "NULL"
	case []byte:
		const most = 8 // enough to find the row; a digest is not shown whole
		if len(x) > most {
			return fmt.Sprintf("x'%x…'", x[:most])
		}
		return fmt.Sprintf("x'%x'", x)
	case string:
		text := strings.ToValidUTF8(strings.ReplaceAll(x, "\x00", "\uFFFD"), "\uFFFD")
		if utf8.RuneCountInString(text) > maxShown {
			text = string([]rune(text)[:maxShown]) + "…"
		}
		return text
	default:
		return fmt.Sprint(x)
	}
}
