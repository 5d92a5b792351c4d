// Package terminal writes the answers of commands for people at a terminal, in their language.
package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/message"
)

// Import is the outcome of an import command.
type Import struct {
	File                          string
	Rows, New, Changed, Unchanged int
	DryRun                        bool
	Batch                         string   // empty when nothing was written
	Ignored                       []string // headings that mean nothing to the import
	Errors                        []string // sentences, each naming file, row and column
	More                          int      // problems beyond those
	Changes                       []string
}

// maxChanges is how many changes are listed; the rest is counted. --json lists all.
const maxChanges = 20

// WriteImport writes what an import did, or why it did nothing.
func WriteImport(w io.Writer, texts *message.Catalogue, lang string, im Import) error {
	var b strings.Builder
	say := func(key string, args map[string]any) {
		text, _ := texts.Format(lang, key, args)
		fmt.Fprintln(&b, text)
	}
	for _, e := range im.Errors {
		fmt.Fprintln(&b, e)
	}
	if im.More > 0 {
		say("import.more_problems", map[string]any{"count": im.More})
	}
	if len(im.Ignored) > 0 {
		say("import.ignored_columns", map[string]any{"columns": strings.Join(im.Ignored, ", ")})
	}
	for i, c := range im.Changes {
		if i == maxChanges {
			say("import.more_changes", map[string]any{"count": len(im.Changes) - maxChanges})
			break
		}
		fmt.Fprintln(&b, " ", c)
	}
	say("import.summary", map[string]any{"file": im.File, "rows": im.Rows, "new": im.New, "changed": im.Changed, "unchanged": im.Unchanged})
	switch {
	case len(im.Errors) > 0:
		say("import.refused", map[string]any{"count": len(im.Errors) + im.More})
	case im.DryRun:
		say("import.dry_run", nil)
	case im.Batch == "":
		say("import.nothing_new", nil)
	default:
		say("import.written", map[string]any{"batch": im.Batch})
	}
	_, err := io.WriteString(w, b.String())
	return err
}
