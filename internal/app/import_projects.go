package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/parkbrain/parkbrain/internal/domain/intake"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/projectlist"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// asProjects makes projects of the list that an import wrote, where --as-projects asks for it. An import that wrote nothing
// because nothing changed still brings what was imported before.
func (im *formImport) asProjects(ctx context.Context, r intake.Report) error {
	if im.o.asProject == "" || im.o.dryRun || len(r.Batches) == 0 && r.Bad+r.Conflicting > 0 && !im.o.onlyGood {
		return nil
	}
	var report projectlist.Report
	err := im.db.Write(ctx, func(w db.Writer) error {
		act := org.Act{Scope: im.installer().Scope(), Actor: im.installer().Username, At: im.now(), NewID: im.ids.New}
		lib, err := lifecycle.Load(ctx, w.Reader, im.ref.ID)
		if err == nil {
			report, err = projectlist.Load(ctx, w, act, lib, projectlist.From{Org: org.ID(im.target.Subject), Lifecycle: im.o.asProject})
		}
		return err
	})
	if err != nil {
		return err
	}
	return im.sayProjects(report)
}

// mayBeProjects refuses, before anything is written, what --as-projects cannot do.
func (im *formImport) mayBeProjects(ctx context.Context, r db.Reader) error {
	if im.o.asProject == "" {
		return nil
	}
	table, err := projectlist.Shipped()
	if err == nil && im.form.Code != table.Form {
		err = fault.New(fault.Invalid, "projectlist.other_form", "form", im.form.Name.ZH, "form_en", im.form.Name.EN)
	}
	if err != nil {
		return err
	}
	lib, err := lifecycle.Load(ctx, r, im.ref.ID)
	if err != nil {
		return err
	}
	return projectlist.CanLoad(lib, im.o.asProject, im.now())
}

func (im *formImport) sayProjects(r projectlist.Report) error {
	type row struct {
		Row     int    `json:"row"`
		Key     string `json:"key"`
		Message string `json:"message"`
	}
	bad := []row{}
	for _, b := range r.Bad {
		text, _ := im.texts.Format(im.language(), b.Fault.Key, b.Fault.Args)
		bad = append(bad, row{b.Row, b.Key, text})
	}
	if im.o.asJSON {
		enc := json.NewEncoder(im.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(map[string]any{"projects": map[string]any{"new": r.New, "changed": r.Changed, "unchanged": r.Unchanged, "bad": bad}})
	}
	for i, b := range bad {
		if i == maxSaid {
			break
		}
		fmt.Fprintf(im.stdout, "  %d\t%s\t%s\n", b.Row, b.Key, b.Message)
	}
	text, _ := im.texts.Format(im.language(), "projectlist.summary", map[string]any{"new": r.New, "changed": r.Changed, "unchanged": r.Unchanged, "bad": len(bad)})
	_, err := fmt.Fprintln(im.stdout, text)
	return err
}
