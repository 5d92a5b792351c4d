package milestone

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Conflict says that the subject changed since the caller read it: what changed, and the caller's own step, so that nothing
// of either is lost. It is a fault of kind Stale, key "milestone.changed" (actor, at, when: of the last change; version: the
// subject's).
type Conflict struct {
	fault   *fault.Fault
	Changes []Change // since the caller's version, the oldest first
	Act     Act      // what the caller wanted
	Yours   Step
}

func (c *Conflict) Error() string { return c.fault.Error() }

// Unwrap makes it a fault.
func (c *Conflict) Unwrap() error { return c.fault }

// Change is one thing that a step changed. A rollback gives one for each entry that it took back.
type Change struct {
	Version int64 // of the subject after the step
	Act     Act
	Stage   string
	Way     string
	Day     string // as the trail writes it; empty for none
	Reason  string
	Source  string
	Actor   string
	At      time.Time
}

func conflict(ctx context.Context, r db.Reader, h subject.Head, s Step, act Act) error {
	changes, err := since(ctx, r, h, s.Version)
	if err != nil {
		return err
	}
	last := changes
	if len(last) == 0 { // a version that never was
		if last, err = lastTouch(ctx, r, h); err != nil {
			return err
		}
	}
	actor, at, when := "—", "", "—"
	if n := len(last); n > 0 {
		moment := last[n-1].At.In(period.Zone)
		actor, at, when = last[n-1].Actor, moment.Format(time.RFC3339), moment.Format("2006-01-02 15:04")
	}
	return &Conflict{Changes: changes, Act: act, Yours: s,
		fault: fault.New(fault.Stale, "milestone.changed", "actor", actor, "at", at, "when", when, "version", h.Version)}
}

// Since lists what changed in a subject's way since a version, the oldest first. Errors: those of subject.Get.
func Since(ctx context.Context, r db.Reader, s auth.Scope, ref subject.Ref, version int64) ([]Change, error) {
	h, err := subject.Get(ctx, r, s, ref)
	if err != nil {
		return nil, fault.Wrap("milestone.Since", err)
	}
	out, err := since(ctx, r, h, version)
	return out, fault.Wrap("milestone.Since", err)
}

// maxSince bounds the lines of the trail that are looked through.
const maxSince = 200

// raising are the actions that raise a subject's version and name it. A bulk act raises many and names none.
var raising = []string{"tenancy.add", "tenancy.enter", "project.add", "project.enter", "milestone." + string(Planning), "milestone." + string(Claiming),
	"milestone." + string(Verifying), "milestone." + string(TakingBack), "milestone." + string(Suspending), "milestone." + string(Resuming)}

// line is a line of the trail about a subject.
type line struct {
	at     int64
	actor  string
	action string
	detail string
}

func scanLine(s db.Scanner) (l line, err error) {
	return l, s.Scan(&l.at, &l.actor, &l.action, &l.detail)
}

// since reads the trail, the latest line first. A line that does not say to which version it led is taken for the one before
// the next; where a bulk act lies between, that tells rather too much than too little. Where nothing names the subject, the
// last line that touched it says at least who it was and when.
func since(ctx context.Context, r db.Reader, h subject.Head, version int64) (out []Change, err error) {
	if version >= h.Version {
		return nil, nil
	}
	lines, err := db.Collect(ctx, r, scanLine, `SELECT at, actor, action, detail FROM audit_line WHERE city = $1 AND kind = $2 AND entity = $3
		ORDER BY seq DESC LIMIT $4`, h.City, string(h.Kind), h.ID, maxSince)
	if err != nil {
		return nil, err
	}
	now := h.Version
	for _, l := range lines {
		if !slices.Contains(raising, l.action) {
			continue
		}
		changes := l.changes(now)
		if now = changes[0].Version; now <= version {
			break
		}
		slices.Reverse(changes)
		out, now = append(out, changes...), now-1
	}
	if len(out) == 0 {
		return lastTouch(ctx, r, h)
	}
	slices.Reverse(out)
	return out, nil
}

// lastTouch is the last line that touched a subject, as a change without particulars; nothing where there is none.
func lastTouch(ctx context.Context, r db.Reader, h subject.Head) ([]Change, error) {
	l, err := scanLine(r.QueryRow(ctx, `SELECT l.at, l.actor, l.action, '' FROM audit_touch t JOIN audit_line l ON l.city = t.city AND l.seq = t.seq
		WHERE t.city = $1 AND t.kind = $2 AND t.entity IN ($3, $4) ORDER BY t.seq DESC LIMIT 1`, h.City, string(h.Kind), h.ID, audit.Every))
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return nil, err
	}
	return l.changes(h.Version), nil
}

// changes reads what a line says was done, at least one change; version is the one that it led to where it does not say so.
func (l line) changes(version int64) (out []Change) {
	type entry struct{ Stage, Way, Day, Reason, Source string }
	var d struct {
		Version       int64
		Before, After []entry
		Reason, Day   string
	}
	_ = json.Unmarshal([]byte(l.detail), &d) // a line of another shape says at least who and when
	if d.Version > 0 {
		version = d.Version
	}
	base := Change{Version: version, Reason: d.Reason, Day: d.Day, Actor: l.actor, At: time.UnixMicro(l.at).UTC()}
	_, act, _ := strings.Cut(l.action, ".")
	base.Act = Act(act)
	entries := d.After
	if base.Act == TakingBack {
		entries = d.Before
	}
	for _, e := range entries {
		c := base
		c.Stage, c.Way, c.Day, c.Source = e.Stage, e.Way, e.Day, e.Source
		if c.Reason == "" {
			c.Reason = e.Reason
		}
		if act == "enter" {
			c.Act = map[string]Act{"planned": Planning, "claimed": Claiming, "verified": Verifying, "deemed": Deeming}[e.Way]
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		out = []Change{base}
	}
	return out
}
