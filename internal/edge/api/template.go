package api

import (
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// TemplateMaker writes a workbook to fill in. It is another edge's work, handed over by app.
type TemplateMaker func(ctx context.Context, w io.Writer, t Template) error

// Template is what goes into a workbook to fill in.
type Template struct {
	Form        *form.Form
	Org         string // office for which it is made
	OrgName     string
	Subject     string // whose filing it is; empty: several subjects, which the rows name
	SubjectName string
	Period      string // empty for a standing form
	Language    string
	Sequence    int64 // change of the ledger at which the rows were read
	Rows        []TemplateRow
}

// TemplateRow is a line that is there already: a subject, or a record of a list.
type TemplateRow struct {
	Subject, Name string
	Cells         filing.Cells // canonical
}

// ExportMaker writes filings as a table. It is another edge's work, handed over by app.
type ExportMaker func(ctx context.Context, w io.Writer, e Export) error

// Export is what goes into an exported table.
type Export struct {
	Form     *form.Form
	Period   string
	Format   string // "xlsx" or "csv"
	Language string
	Rows     iter.Seq2[ExportRow, error]
}

// ExportRow is one record with whose it is.
type ExportRow struct {
	Subject, SubjectName, Org, State string // subject: credit code of an enterprise, else its id
	Cells                            filing.Cells
}

// download is a file.
type download struct {
	Type        string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// fileTypes are the media types by the ending of the name.
var fileTypes = map[string]string{
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"csv":  "text/csv; charset=utf-8",
}

// fileOf makes a download whose name says form, org and period.
func fileOf(body []byte, ending string, parts ...string) *download {
	name := strings.Join(parts, "_") + "." + ending
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
	return &download{fileTypes[ending], `attachment; filename="form.` + ending + `"; filename*=UTF-8''` + url.PathEscape(name), body}
}

func (a *API) templates() {
	register(a, operation{id: "get-template", method: http.MethodGet, path: "/filings/{form}/{kind}/{subject}/{period}/template", tag: "filings", summary: "The filing as a workbook to fill in"}, a.getTemplate)
	register(a, operation{id: "export-filings", method: http.MethodGet, path: "/filings/export", tag: "filings", summary: "Filings of a form and period as a table"}, a.exportFilings)
}

// maxTemplateRows bounds the rows of a list that are put into a workbook to fill in.
const maxTemplateRows = 20_000

// getTemplate makes the workbook of one filing, or, of an org's address and a form of enterprises or parks, one with a row
// for each of them below the org.
func (a *API) getTemplate(ctx context.Context, in *struct{ FilingPath }) (*download, error) {
	var t Template
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		d, err := a.desk(ctx, r, s)
		if err != nil {
			return err
		}
		p := filingReader{a: a, ctx: ctx, r: r, s: s, d: d, ref: in.ref()}
		if t, err = p.template(); err != nil {
			return err
		}
		t.Sequence, err = audit.Seq(ctx, r, a.City)
		return err
	})
	if err != nil {
		return nil, err
	}
	t.Language = languageOf(ctx)
	var b bytes.Buffer
	if err := a.Template(ctx, &b, t); err != nil {
		return nil, err
	}
	who := t.SubjectName
	if who == "" {
		who = t.OrgName
	}
	return fileOf(b.Bytes(), "xlsx", sentence(ctx, t.Form.Name), who, periodText(t.Period)), nil
}

func (p *filingReader) template() (Template, error) {
	fm, err := p.d.lib.Form(p.ref.Form, p.ref.Period)
	if err != nil {
		return Template{}, err
	}
	if p.ref.Kind == form.OfOrg && fm.Subject != form.OfOrg {
		return p.manySubjects(fm)
	}
	f, _, err := filing.Get(p.ctx, p.r, p.s, p.ref)
	if err != nil {
		return Template{}, err
	}
	if err := p.names(f); err != nil {
		return Template{}, err
	}
	t := Template{Form: fm, Org: f.Org, OrgName: p.out.OrgName, Subject: f.Subject, SubjectName: p.out.SubjectName, Period: p.ref.Period}
	t.Rows, err = p.rows(fm, p.ref, p.out.SubjectName)
	return t, err
}

// manySubjects gathers a row for each subject below an org that owes the form.
func (p *filingReader) manySubjects(fm *form.Form) (Template, error) {
	o, err := org.Get(p.ctx, p.r, p.s, org.ID(p.ref.Subject))
	if err != nil {
		return Template{}, err
	}
	t := Template{Form: fm, Org: string(o.ID), OrgName: o.NameZH, Period: p.ref.Period}
	q := filing.ListQuery{Form: fm.Code, Period: p.ref.Period, Today: p.d.today, Below: o.Path, Limit: exportPage}
	for {
		rows, next, err := filing.List(p.ctx, p.r, p.s, p.d.lib, q)
		if err != nil {
			return Template{}, err
		}
		codes, err := codesOf(p.ctx, p.r, p.a.City, rows)
		if err != nil {
			return Template{}, err
		}
		for _, row := range rows {
			lines, err := p.rows(fm, row.Ref, row.SubjectName)
			if err != nil {
				return Template{}, err
			}
			for _, line := range lines {
				line.Subject = codes[row.Subject]
				t.Rows = append(t.Rows, line)
			}
		}
		if q.After = next; next == "" || len(t.Rows) >= maxTemplateRows {
			return t, nil
		}
	}
}

// codesOf gives what names the subjects of filings in a table: credit codes of enterprises, else their ids.
func codesOf(ctx context.Context, r db.Reader, city string, rows []filing.Row) (map[string]string, error) {
	out, firms := map[string]string{}, []enterprise.ID{}
	for _, row := range rows {
		out[row.Subject] = row.Subject
		if row.Kind == form.OfEnterprise {
			firms = append(firms, enterprise.ID(row.Subject))
		}
	}
	err := enterprise.EachFacts(ctx, r, city, firms, func(f *enterprise.Facts) error {
		out[string(f.ID)] = string(f.USCC)
		return nil
	})
	return out, err
}

// rows are what stands in a workbook for one filing: its records, and where there are none what is known already.
func (p *filingReader) rows(fm *form.Form, ref filing.Ref, name string) (out []TemplateRow, err error) {
	err = filing.EachRecord(p.ctx, p.r, p.s, ref, func(rec *filing.Record) error {
		if len(out) == maxTemplateRows {
			return fault.New(fault.Invalid, "template.too_many_rows", "limit", maxTemplateRows)
		}
		out = append(out, TemplateRow{ref.Subject, name, maps.Clone(rec.Cells)})
		return nil
	})
	if err != nil || len(out) > 0 {
		return out, err
	}
	known, err := filing.Prefill(p.ctx, p.r, p.s, p.d.lib, ref)
	for _, rec := range known.Rows {
		out = append(out, TemplateRow{ref.Subject, name, rec.Cells})
	}
	if !fm.List {
		cells := filing.Cells{}
		for code, v := range known.Fields {
			cells[code] = v.Canonical
		}
		out = []TemplateRow{{ref.Subject, name, cells}}
	}
	return out, err
}

func (a *API) exportFilings(ctx context.Context, in *struct {
	Form   string `query:"form" required:"true" maxLength:"40"`
	Period string `query:"period" maxLength:"10"`
	Org    string `query:"org" maxLength:"40"`
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}) (*download, error) {
	var b bytes.Buffer
	var name, place string
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		path, err := a.inside(ctx, r, s, in.Org)
		if err != nil {
			return err
		}
		lib, err := a.library(ctx, r)
		if err != nil {
			return err
		}
		f, err := lib.Form(in.Form, periodOf(in.Period))
		if err != nil {
			return err
		}
		name, place = sentence(ctx, f.Name), a.placeName(ctx, r, s, path)
		q := filing.ListQuery{Form: in.Form, Period: periodOf(in.Period), Today: a.today(), Below: path, Limit: exportPage}
		return a.Export(ctx, &b, Export{Form: f, Period: periodOf(in.Period), Format: in.Format, Language: languageOf(ctx), Rows: exportRows(ctx, r, s, lib, q)})
	})
	if err != nil {
		return nil, err
	}
	return fileOf(b.Bytes(), in.Format, name, place, periodText(periodOf(in.Period))), nil
}

// placeName is what people call the part of the city that is exported.
func (a *API) placeName(ctx context.Context, r db.Reader, s auth.Scope, path string) string {
	if path == "" {
		path = s.Path
	}
	o, err := org.Get(ctx, r, s, org.Leaf(path))
	if err != nil {
		return "-" // an enterprise's own
	}
	return o.NameZH
}

// exportPage is how many filings are read at once.
const exportPage = 500

// exportRows walks the filings that the caller sees, those that nobody began left out.
func exportRows(ctx context.Context, r db.Reader, s auth.Scope, lib *form.Library, q filing.ListQuery) iter.Seq2[ExportRow, error] {
	return func(yield func(ExportRow, error) bool) {
		for {
			rows, next, err := filing.List(ctx, r, s, lib, q)
			if err != nil {
				yield(ExportRow{}, err)
				return
			}
			codes, err := codesOf(ctx, r, s.City, rows)
			if err != nil {
				yield(ExportRow{}, err)
				return
			}
			for _, row := range rows {
				if row.State != filing.Owed && !exportFiling(ctx, r, s, row, codes[row.Subject], yield) {
					return
				}
			}
			if next == "" {
				return
			}
			q.After = next
		}
	}
}

func exportFiling(ctx context.Context, r db.Reader, s auth.Scope, row filing.Row, code string, yield func(ExportRow, error) bool) bool {
	after := ""
	for {
		records, next, err := filing.Records(ctx, r, s, row.Ref, after, exportPage)
		if err != nil {
			yield(ExportRow{}, err)
			return false
		}
		for _, rec := range records {
			if !yield(ExportRow{code, row.SubjectName, row.OrgName, string(row.State), rec.Cells}, nil) {
				return false
			}
		}
		if next == "" {
			return true
		}
		after = next
	}
}
