package form

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Noun is the name of this noun in audit lines and touches, whose id is the form's code.
const Noun = "form"

// maxReason bounds a reason, in characters.
const maxReason = 500

// Put adds the city's own version of a form, shipped or new, in force for periods that end on since or later. The file's own
// "since" does not count. Earlier versions stay in force for their periods. The same file for the same day again changes
// nothing. One audit line.
//
// A version must ask the same whom, how often and with the same key as the one before, since filings are found by that; it
// must keep the fields that indicators read and begin no earlier than the version before.
//
// Errors: Denied "form.only_city" unless the scope covers the whole city; Invalid "form.no_reason", "text.too_long",
// "text.invalid", "form.bad_since", "form.since_before", "form.other_code", "form.shape_changed" (argument what),
// "form.key_changed" (argument keys), "form.ledger_field_gone" (argument name), "form.too_many_versions"; those of Parse.
func Put(ctx context.Context, w db.Writer, act org.Act, code Code, body []byte, since period.Date, reason string) (*Form, error) {
	f, err := put(ctx, w, act, code, body, since, reason)
	return f, fault.Wrap("form.Put", err)
}

func put(ctx context.Context, w db.Writer, act org.Act, code Code, body []byte, since period.Date, reason string) (*Form, error) {
	if act.Scope.City == "" || act.Scope.Enterprise != "" || !act.Scope.Within(act.Scope.City+".") {
		return nil, fault.New(fault.Denied, "form.only_city")
	}
	if err := checkReason(reason); err != nil {
		return nil, err
	}
	if again, err := period.ParseDate(since.String()); err != nil || again != since || since%100 == 0 {
		return nil, fault.New(fault.Invalid, "form.bad_since", "text", since.String())
	}
	if err := page.Clean(string(body)); err != nil {
		return nil, err
	}
	l, err := Load(ctx, w.Reader, act.Scope.City)
	if err != nil {
		return nil, err
	}
	before := l.newest(code)
	if before != nil && before.Version > 0 && before.Since == since && sameBody(before.Body, string(body)) {
		return before, nil
	}
	f, err := l.next(code, before, body, since)
	if err != nil {
		return nil, err
	}
	f.Made = Made{Reason: reason, Actor: act.Actor, At: act.At.UTC()}
	return f, f.store(ctx, w, act, before)
}

func (l *Library) newest(code Code) *Form {
	all := l.forms[code]
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// Preview parses a file as the next version of a form without writing it and gives the library in which it stands, for
// Duplicates and Burden. Errors: as Put gives them of the file.
func (l *Library) Preview(code Code, body []byte) (*Form, *Library, error) {
	c := l.clone()
	before := c.newest(code)
	f, err := c.next(code, before, body, 0)
	if err != nil {
		return nil, nil, err
	}
	return f, c, nil
}

// next adds the version after before to l; since 0 does not look at the day.
func (l *Library) next(code Code, before *Form, body []byte, since period.Date) (*Form, error) {
	f, own, err := l.parse(body)
	if err != nil {
		return nil, err
	}
	if f.Code != code {
		return nil, fault.New(fault.Invalid, "form.other_code", "form", f.Code, "want", code)
	}
	f.Since, f.Version = since, 1
	if before != nil {
		f.Version = before.Version + 1
		if since != 0 && since < before.Since {
			return nil, fault.New(fault.Invalid, "form.since_before", "text", since.String(), "before", before.Since.String())
		}
		if err := f.follows(before); err != nil {
			return nil, err
		}
	}
	for _, d := range own {
		if err := l.define(d, code); err != nil {
			return nil, err
		}
	}
	l.keep(f)
	return f, nil
}

// follows refuses a version by which filings of the one before could no longer be found or read.
func (f *Form) follows(before *Form) error {
	for _, x := range []struct {
		what string
		same bool
	}{{"subject", f.Subject == before.Subject}, {"every", f.Every == before.Every}, {"combined", f.Combined == before.Combined}, {"list", f.List == before.List}} {
		if !x.same {
			return fault.New(fault.Invalid, "form.shape_changed", "what", x.what)
		}
	}
	if !slices.Equal(f.Keys(), before.Keys()) {
		return fault.New(fault.Invalid, "form.key_changed", "keys", strings.Join(before.Keys(), ", "))
	}
	if f.Subject != OfEnterprise || f.List {
		return nil
	}
	for _, code := range Ledger {
		if was := before.Item(code); was != nil && f.Item(code) == nil {
			return fault.New(fault.Invalid, "form.ledger_field_gone", "field", code, "name", was.Field.Name.ZH)
		}
	}
	return nil
}

func checkReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return fault.New(fault.Invalid, "form.no_reason")
	case utf8.RuneCountInString(reason) > maxReason:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxReason)
	}
	return page.Clean(reason)
}

func (f *Form) store(ctx context.Context, w db.Writer, act org.Act, before *Form) error {
	if _, err := w.Exec(ctx, `INSERT INTO form_version (city, form, version, since, body, reason, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		act.Scope.City, f.Code, f.Version, int64(f.Since), f.Body, f.Made.Reason, f.Made.Actor, f.Made.At.UnixMicro()); err != nil {
		return err
	}
	detail := map[string]any{"version": f.Version, "since": f.Since.String(), "reason": f.Made.Reason, "after": digest(f.Body)}
	if before != nil {
		detail["before"] = map[string]any{"version": before.Version, "since": before.Since.String(), "digest": digest(before.Body)}
	}
	_, err := audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "form.put", Kind: Noun, Entity: f.Code, At: act.At, Detail: detail,
		Touched: []audit.Touch{{Kind: Noun, ID: f.Code}}})
	return err
}

// digest names a file's content in the audit trail; the file itself is in form_version.
func digest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}
