package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/edge/api"
	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/edge/terminal"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

type importOptions struct {
	dryRun bool
	asJSON bool
	sheet  string
}

// importFile brings in a park list (import parks FILE) or the rows of a form (import FILE --form CODE).
func importFile(ctx context.Context, h *host, args []string) error {
	var o importOptions
	var into formOptions
	s, rest, err := h.flags("import", args, func(fs *flag.FlagSet) {
		fs.BoolVar(&o.dryRun, "dry-run", false, "only say what would happen")
		fs.BoolVar(&o.asJSON, "json", false, "answer as JSON")
		fs.StringVar(&o.sheet, "sheet", "", "sheet of a workbook")
		into.register(fs)
	}, config.Data, config.Database, config.City, config.LogLevel)
	if err != nil {
		return err
	}
	parks := len(rest) == 2 && rest[0] == "parks" && into.form == ""
	if !parks && (len(rest) != 1 || into.form == "") {
		return errUsage
	}
	c, err := h.openCity(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	if parks {
		return c.importParks(ctx, rest[1], o)
	}
	into.dryRun, into.asJSON = o.dryRun, o.asJSON
	return c.importForm(ctx, rest[0], into)
}

// importParks reads the list, judges it and, unless it is a dry run, writes it, all or nothing.
func (c *city) importParks(ctx context.Context, path string, o importOptions) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Because(err, fault.NotFound, "import.file_not_found", "file", path)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	list, unread, err := sheet.ParkListOf(ctx, f, info.Size(), sheet.Options{File: filepath.Base(path), Sheet: o.sheet})
	if err != nil {
		return err
	}
	var plan park.Plan
	err = c.db.Read(ctx, func(r db.Reader) (err error) {
		plan, err = park.Prepare(ctx, r, park.Import{User: c.installer(), File: list, OrgAliases: c.ref.OrgAliases()})
		return err
	})
	if err != nil {
		return err
	}
	report := api.Report(c.texts, c.language(), list, plan, parkProblems(unread), unread.More)
	report.DryRun = o.dryRun
	if !o.dryRun && len(report.Errors) == 0 {
		batch := park.Batch{ID: c.ids.New(), Actor: c.installer().Username, At: c.now(), NewID: c.ids.New}
		err = c.db.Write(ctx, func(w db.Writer) (err error) {
			if report.Batch, err = park.Commit(ctx, w, plan, batch); err == nil {
				_, err = project.Follow(ctx, w, org.Act{Scope: c.installer().Scope(), Actor: batch.Actor, At: batch.At, NewID: c.ids.New})
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return c.sayImport(report, o.asJSON)
}

func (c *city) sayImport(r api.ImportReport, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(r); err != nil {
			return err
		}
	} else {
		said := terminal.Import{File: r.File, Rows: r.Rows, New: r.New, Changed: r.Changed, Unchanged: r.Unchanged, DryRun: r.DryRun,
			Batch: r.Batch, Ignored: r.Ignored, More: r.MoreErrors}
		for _, e := range r.Errors {
			said.Errors = append(said.Errors, e.Message)
		}
		for _, ch := range r.Changes {
			field, _ := c.texts.Format(c.language(), "park.field."+ch.Field, nil)
			said.Changes = append(said.Changes, fmt.Sprintf("%d\t%s\t%s: %q → %q", ch.Row, ch.Park, field, ch.Before, ch.After))
		}
		if err := terminal.WriteImport(c.stdout, c.texts, c.language(), said); err != nil {
			return err
		}
	}
	if len(r.Errors) > 0 {
		return errSaid
	}
	return nil
}
