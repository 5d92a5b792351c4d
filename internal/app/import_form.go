package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/sheet/mapping"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// formOptions are the options of an import into filings.
type formOptions struct {
	form, mapping, saveMap, answer   string
	org, park, enterprise, period    string
	onlyGood, dryRun, asJSON, submit bool
	reason, asProject                string
	unknown                          []string
}

func (o *formOptions) register(fs *flag.FlagSet) {
	fs.StringVar(&o.form, "form", "", "code of the form whose rows the file holds")
	fs.StringVar(&o.mapping, "map", "auto", "how the file is read: a file of --save-map, or auto for what is proposed")
	fs.StringVar(&o.saveMap, "save-map", "", "write the mapping to this file, to correct it and give it to --map")
	fs.StringVar(&o.answer, "answer", "", "write the workbook with what is wrong marked in it to this file")
	fs.StringVar(&o.org, "org", "", "office whose list it is: id or name")
	fs.StringVar(&o.park, "park", "", "park whose list it is: id or name")
	fs.StringVar(&o.enterprise, "enterprise", "", "enterprise whose list it is: credit code")
	fs.StringVar(&o.period, "period", "", "2024-06, 2024-Q2 or 2024; none of a standing form")
	fs.StringVar(&o.reason, "reason", "", "why, where the period is closed or the time for filing is over")
	fs.Func("unknown", "a word that means unknown in every column, \"Not Required\"; may be given again", func(word string) error {
		o.unknown = append(o.unknown, word)
		return nil
	})
	fs.StringVar(&o.asProject, "as-projects", "", "make projects of the project list, which pass the lifecycle of this code")
	fs.BoolVar(&o.onlyGood, "only-good", false, "write the rows that are good and leave out the others")
	fs.BoolVar(&o.submit, "submit", false, "hand the filings in as well")
}

// formImport is one import at the terminal.
type formImport struct {
	*city
	o       formOptions
	lib     *form.Library
	form    *form.Form
	target  intake.Target
	name    string
	content []byte
	mapping mapping.Mapping
	plan    *intake.Plan
}

// importForm reads an office's file into filings: looks at it, judges it, says what it would do, and unless it is a dry run
// writes it, all or nothing.
func (c *city) importForm(ctx context.Context, path string, o formOptions) error {
	im := &formImport{city: c, o: o, name: filepath.Base(path)}
	var err error
	im.content, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Because(err, fault.NotFound, "import.file_not_found", "file", path)
	}
	if err == nil {
		err = c.db.Read(ctx, func(r db.Reader) error { return im.resolve(ctx, r) })
	}
	if err == nil {
		err = im.choose(ctx)
	}
	if err == nil {
		err = im.check(ctx)
	}
	if err != nil {
		return err
	}
	report := im.plan.Report
	if good := report.New+report.Changed > 0; !o.dryRun && good && (report.CanCommit() || o.onlyGood) {
		if report, err = im.commit(ctx); err != nil {
			return err
		}
	}
	said := im.say(ctx, report)
	if said != nil && !errors.Is(said, errSaid) {
		return said
	}
	if err := im.asProjects(ctx, report); err != nil {
		return err
	}
	return said
}

func (im *formImport) resolve(ctx context.Context, r db.Reader) (err error) {
	if im.lib, err = form.Load(ctx, r, im.ref.ID); err != nil {
		return err
	}
	t := intake.Target{Form: im.o.form, Period: im.o.period}
	if t.Subject, err = im.subject(ctx, r); err != nil {
		return err
	}
	if im.target, im.form, err = intake.Resolve(ctx, r, im.installer().Scope(), im.lib, t); err != nil {
		return err
	}
	return im.mayBeProjects(ctx, r)
}

// subject is the id of the office, park or enterprise that was named.
func (im *formImport) subject(ctx context.Context, r db.Reader) (string, error) {
	scope := im.installer().Scope()
	switch {
	case im.o.org != "":
		if one, err := org.Get(ctx, r, scope, org.ID(im.o.org)); err == nil {
			return string(one.ID), nil
		}
		one, err := org.ByName(ctx, r, scope, im.o.org, im.ref.OrgAliases())
		return string(one.ID), err
	case im.o.park != "":
		if one, err := park.Get(ctx, r, scope, park.ID(im.o.park)); err == nil {
			return string(one.ID), nil
		}
		list, _, err := park.List(ctx, r, scope, park.Query{Text: im.o.park, Limit: park.MaxLimit})
		for _, p := range list {
			if org.Fold(p.Name) == org.Fold(im.o.park) {
				return string(p.ID), nil
			}
		}
		if err == nil {
			err = fault.New(fault.NotFound, "park.not_found", "id", im.o.park)
		}
		return "", err
	case im.o.enterprise != "":
		list, _, err := enterprise.List(ctx, r, scope, enterprise.Query{Text: im.o.enterprise})
		if err == nil && len(list) != 1 {
			err = fault.New(fault.NotFound, "enterprise.not_found", "id", im.o.enterprise)
		}
		if err != nil {
			return "", err
		}
		return string(list[0].ID), nil
	}
	return "", nil
}

func (im *formImport) several() bool { return im.target.Subject == "" }

// choose takes the mapping that was given, or the proposal.
func (im *formImport) choose(ctx context.Context) error {
	if im.o.mapping != "auto" {
		text, err := os.ReadFile(im.o.mapping)
		if errors.Is(err, fs.ErrNotExist) {
			return fault.Because(err, fault.NotFound, "import.file_not_found", "file", im.o.mapping)
		}
		if err == nil {
			im.mapping, err = mapping.Parse(text)
			im.mapping.Unknown = append(im.mapping.Unknown, im.o.unknown...)
		}
		return err
	}
	seen, err := lookAtIntake(ctx, bytes.NewReader(im.content), int64(len(im.content)), api.IntakeLook{Name: im.name, Form: im.form, Several: im.several()})
	if err != nil {
		return err
	}
	if seen.Proposal == nil {
		return fault.New(fault.Invalid, "intake.no_table", "file", im.name)
	}
	if err := through(seen.Proposal, &im.mapping); err != nil {
		return err
	}
	im.mapping.Unknown = append(im.mapping.Unknown, im.o.unknown...)
	if im.o.asJSON {
		return im.keep()
	}
	for _, c := range im.mapping.Columns {
		field := "-"
		if c.Field != "" {
			field = strings.TrimSpace(c.Field + " " + c.Unit)
		}
		fmt.Fprintf(im.stdout, "  %s\t%s\t%s\n", c.Column, c.Title, field)
	}
	return im.keep()
}

// keep writes the mapping where --save-map says.
func (im *formImport) keep() error {
	if im.o.saveMap == "" {
		return nil
	}
	text, err := im.mapping.YAML()
	if err != nil {
		return err
	}
	return os.WriteFile(im.o.saveMap, text, 0o600)
}

func (im *formImport) check(ctx context.Context) error {
	file := intake.File{No: 1, Name: im.name, Size: int64(len(im.content))}
	file.Digest = intake.DigestOf(im.content)
	inputs, err := im.intakeInputs(ctx, im.form, im.several(), im.mapping, []intakeSource{bytesSource(file, im.content)})
	if err != nil {
		return err
	}
	im.plan, err = intake.Check(ctx, im.db, im.installer().Scope(), im.lib, im.target, inputs, nil)
	return err
}

func (im *formImport) commit(ctx context.Context) (report intake.Report, err error) {
	act := org.Act{Scope: im.installer().Scope(), Actor: im.installer().Username, At: im.now(), NewID: im.ids.New}
	kept, err := json.Marshal(im.mapping)
	if err != nil {
		return report, err
	}
	err = im.db.Write(ctx, func(w db.Writer) error {
		in, err := intake.Open(ctx, w, act, im.target, intake.Upload{Name: im.name, Content: im.content, Mapping: string(kept)})
		if err == nil {
			report, err = intake.Commit(ctx, w, act, im.lib, in, im.plan, intake.How{OnlyGood: im.o.onlyGood, Submit: im.o.submit, Reason: im.o.reason})
		}
		return err
	})
	return report, err
}

// say answers with the report, and writes the workbook with what is wrong in it where it was asked for.
func (im *formImport) say(ctx context.Context, r intake.Report) error {
	lang := im.language()
	report := api.IntakeReportOf(im.texts, lang, im.form, []intake.File{{No: 1, Name: im.name}}, r)
	if im.o.answer != "" && len(report.Problems) > 0 {
		var out bytes.Buffer
		name := im.form.Name.EN
		if lang != "en" {
			name = im.form.Name.ZH
		}
		if err := answerIntake(ctx, im.texts, bytes.NewReader(im.content), int64(len(im.content)), &out,
			api.IntakeAnswer{Name: im.name, Language: lang, Report: report, FormName: name}); err != nil {
			return err
		}
		if err := os.WriteFile(im.o.answer, out.Bytes(), 0o600); err != nil {
			return err
		}
	}
	if im.o.asJSON {
		enc := json.NewEncoder(im.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(report); err != nil {
			return err
		}
	} else if err := im.tell(report); err != nil {
		return err
	}
	if im.refused(report) {
		return errSaid
	}
	return nil
}

// refused says whether nothing was written because of what is wrong. Where only good rows were wanted and the ledger has all of
// them already, nothing is left to write: the file was taken.
func (im *formImport) refused(r api.IntakeReport) bool {
	return r.Batch == "" && r.Bad+r.Conflicting > 0 && (!im.o.onlyGood || r.New+r.Changed+r.Unchanged == 0)
}

// maxSaid is how many problems and changes a terminal is told of; --json lists more.
const maxSaid = 20

func (im *formImport) tell(r api.IntakeReport) error {
	var b strings.Builder
	say := func(key string, args map[string]any) {
		text, _ := im.texts.Format(im.language(), key, args)
		fmt.Fprintln(&b, text)
	}
	for i, p := range r.Problems {
		if i == maxSaid {
			say("import.more_problems", map[string]any{"count": len(r.Problems) - maxSaid + r.MoreProblems})
			break
		}
		fmt.Fprintln(&b, p.Cell, p.Message)
	}
	for i, c := range r.Changes {
		if i == maxSaid {
			say("import.more_changes", map[string]any{"count": len(r.Changes) - maxSaid + r.MoreChanges})
			break
		}
		name := c.FieldNameEN
		if im.language() != "en" || name == "" {
			name = c.FieldName
		}
		fmt.Fprintf(&b, "  %d\t%s\t%s: %q → %q (%s)\n", c.Row, strings.TrimSpace(c.SubjectName+" "+c.Key), name, c.Before, c.After, c.State)
	}
	say("intake.summary", map[string]any{"file": im.name, "rows": r.Rows, "new": r.New, "changed": r.Changed, "unchanged": r.Unchanged,
		"conflicting": r.Conflicting, "bad": r.Bad, "skipped": len(r.Skipped) + r.MoreSkipped})
	switch {
	case r.Batch != "":
		say("import.written", map[string]any{"batch": r.Batch})
	case im.o.dryRun:
		say("import.dry_run", nil)
	case im.refused(r):
		say("import.refused", map[string]any{"count": r.Bad + r.Conflicting})
	case r.Bad+r.Conflicting > 0:
		say("import.good_known", map[string]any{"count": r.Bad + r.Conflicting})
	default:
		say("import.nothing_new", nil)
	}
	_, err := fmt.Fprint(im.stdout, b.String())
	return err
}
