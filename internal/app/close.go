package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

type closeOptions struct {
	period string
	no     int64
	reason string
	bundle string
	out    string
	asJSON bool
}

// closeMonth closes a month, or lists, verifies, exports and imports closings.
func closeMonth(ctx context.Context, h *host, args []string) error {
	var o closeOptions
	s, rest, err := h.flags("close", args, func(fs *flag.FlagSet) {
		fs.StringVar(&o.period, "period", "", "the month, 2024-06")
		fs.Int64Var(&o.no, "no", 0, "number of the closing (0: the month's latest)")
		fs.StringVar(&o.reason, "reason", "", "why it is closed, or closed again")
		fs.StringVar(&o.bundle, "bundle", "", "file of a closing")
		fs.StringVar(&o.out, "out", "", "file to write")
		fs.BoolVar(&o.asJSON, "json", false, "answer as JSON")
	}, config.Data, config.Database, config.City, config.LogLevel)
	if err != nil {
		return err
	}
	var run func(c *city, ctx context.Context, o closeOptions) error
	switch {
	case len(rest) == 0 && o.period != "":
		run = (*city).closeOne
	case len(rest) == 1 && rest[0] == "list":
		run = (*city).listClosings
	case len(rest) == 1 && rest[0] == "verify" && o.bundle != "": // needs no ledger
		k, err := bundleFile(o.bundle)
		if err != nil {
			return err
		}
		return h.sayChecks(o, k)
	case len(rest) == 1 && rest[0] == "verify":
		run = (*city).verifyClosings
	case len(rest) == 1 && rest[0] == "export" && o.period != "":
		run = (*city).exportClosing
	case len(rest) == 2 && rest[0] == "import":
		o.bundle, run = rest[1], (*city).importClosing
	default:
		return errUsage
	}
	c, err := h.openCity(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	return run(c, ctx, o)
}

// takeTries is how often a month is taken again because the ledger changed while it was computed.
const takeTries = 5

func (c *city) closeOne(ctx context.Context, o closeOptions) error {
	m, err := vintage.ParseMonth(o.period)
	if err != nil {
		return err
	}
	book, err := indicator.Load()
	if err != nil {
		return err
	}
	panels := indicator.NewPanels(c.db, c.ref.ID, c.now)
	var made vintage.Vintage
	for range takeTries {
		made, err = c.closeOnce(ctx, panels, book, m, o.reason)
		if f, ok := fault.Of(err); !ok || f.Key != "closing.ledger_moved" {
			break
		}
	}
	if err != nil {
		return err
	}
	if o.asJSON {
		return c.sayJSON(map[string]any{"period": made.Month.String(), "no": made.No, "digest": made.Digest, "parts": made.Parts})
	}
	c.tell("closing.made", "period", made.Month.String(), "no", made.No, "digest", made.Digest)
	return nil
}

func (c *city) closeOnce(ctx context.Context, panels *indicator.Panels, book *indicator.Book, m period.Month, reason string) (made vintage.Vintage, err error) {
	v, err := panels.Now(ctx)
	if err != nil {
		return made, err
	}
	draft, err := vintage.Take(v, book, m)
	if err != nil {
		return made, err
	}
	err = c.db.Read(ctx, func(r db.Reader) error {
		lib, err := form.Load(ctx, r, c.ref.ID)
		if err != nil {
			return err
		}
		return draft.Count(ctx, r, lib, c.now())
	})
	if err != nil {
		return made, err
	}
	act := c.act()
	act.Actor = c.installer().Username
	err = c.db.Write(ctx, func(w db.Writer) error {
		made, err = vintage.Close(ctx, w, act, draft, reason)
		return err
	})
	return made, err
}

func (c *city) closings(ctx context.Context) (list []vintage.Vintage, err error) {
	err = c.db.Read(ctx, func(r db.Reader) error {
		list, err = vintage.List(ctx, r, c.act().Scope)
		return err
	})
	return list, err
}

func (c *city) listClosings(ctx context.Context, o closeOptions) error {
	list, err := c.closings(ctx)
	if err != nil {
		return err
	}
	if o.asJSON {
		items := []map[string]any{}
		for _, v := range list {
			items = append(items, map[string]any{"period": v.Month.String(), "no": v.No, "at": v.At, "actor": v.Actor, "reason": v.Reason, "digest": v.Digest, "sequence": v.Sequence})
		}
		return c.sayJSON(map[string]any{"items": items})
	}
	for _, v := range list {
		fmt.Fprintf(c.stdout, "%s  %d  %s  %s  %s  %s\n", v.Month, v.No, v.At.Format("2006-01-02T15:04:05Z"), v.Digest[:min(12, len(v.Digest))], v.Actor, v.Reason)
	}
	return nil
}

func (c *city) kept(ctx context.Context, m period.Month, no int64) (k *vintage.Kept, err error) {
	err = c.db.Read(ctx, func(r db.Reader) error {
		k, err = vintage.Get(ctx, r, c.act().Scope, m, no)
		return err
	})
	return k, err
}

// verifyClosings computes one closing again, or all of them one after the other.
func (c *city) verifyClosings(ctx context.Context, o closeOptions) error {
	if o.period != "" {
		m, err := vintage.ParseMonth(o.period)
		if err != nil {
			return err
		}
		k, err := c.kept(ctx, m, o.no)
		if err != nil {
			return err
		}
		return c.sayChecks(o, k)
	}
	list, err := c.closings(ctx)
	if err != nil {
		return err
	}
	wrong := false
	for _, v := range list {
		k, err := c.kept(ctx, v.Month, v.No)
		if err == nil {
			err = c.sayChecks(o, k)
		}
		if errors.Is(err, errSaid) {
			wrong, err = true, nil
		}
		if err != nil {
			return err
		}
	}
	if wrong {
		return errSaid
	}
	return nil
}

func (c *city) exportClosing(ctx context.Context, o closeOptions) error {
	m, err := vintage.ParseMonth(o.period)
	if err != nil {
		return err
	}
	k, err := c.kept(ctx, m, o.no)
	if err != nil {
		return err
	}
	name := o.out
	if name == "" {
		name = k.BundleName()
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // never over another file
	if err != nil {
		return err
	}
	err = errors.Join(k.Bundle(f), f.Close())
	if err == nil {
		c.tell("closing.exported", "period", k.Month.String(), "no", k.No, "file", name)
	}
	return err
}

func (c *city) importClosing(ctx context.Context, o closeOptions) error {
	k, err := bundleFile(o.bundle)
	if err != nil {
		return err
	}
	act := c.act()
	act.Actor = c.installer().Username
	made := false
	err = c.db.Write(ctx, func(w db.Writer) error {
		made, err = vintage.Import(ctx, w, act, k)
		return err
	})
	switch {
	case err != nil:
		return err
	case made:
		c.tell("closing.imported", "period", k.Month.String(), "no", k.No, "digest", k.Digest)
	default:
		c.tell("closing.already_there", "period", k.Month.String(), "no", k.No)
	}
	return nil
}

func bundleFile(path string) (*vintage.Kept, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Because(err, fault.NotFound, "import.file_not_found", "file", path)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return vintage.ReadBundle(f, info.Size())
}

// sayChecks computes a closing again and says what it found; errSaid when it does not verify.
func (h *host) sayChecks(o closeOptions, k *vintage.Kept) error {
	c := k.Check()
	if o.asJSON {
		parts := []map[string]any{}
		for _, p := range c.Parts {
			parts = append(parts, map[string]any{"name": p.Name, "ok": p.OK, "kept": p.Kept, "found": p.Found, "recomputed": p.Recomputed})
		}
		if err := h.sayJSON(map[string]any{"period": k.Month.String(), "no": k.No, "ok": c.OK, "digest": c.Digest, "recomputed": c.Recomputed, "trail": cmp.Or(string(c.Trail), "none"), "parts": parts}); err != nil {
			return err
		}
	} else if c.OK {
		h.tell("closing.verified", "period", k.Month.String(), "no", k.No, "digest", c.Digest)
	} else {
		h.tell("closing.not_verified", "period", k.Month.String(), "no", k.No)
		for _, p := range c.Parts {
			if !p.OK {
				h.tell("closing.part_differs", "part", p.Name, "kept", p.Kept, "found", p.Found, "recomputed", p.Recomputed)
			}
		}
		if c.Trail == vintage.TrailOther {
			h.tell("closing.trail_differs")
		}
		if c.Why != nil {
			h.complain(c.Why)
		}
	}
	if !c.OK {
		return errSaid
	}
	return nil
}

// tell writes a sentence in the terminal's language.
func (h *host) tell(key string, args ...any) {
	values := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		values[args[i].(string)] = args[i+1]
	}
	text, _ := h.texts.Format(h.language(), key, values)
	fmt.Fprintln(h.stdout, text)
}

func (h *host) sayJSON(v any) error {
	enc := json.NewEncoder(h.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
