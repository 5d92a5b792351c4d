package review

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// since compares with the office's review before, row by row.
func (k *taking) since() error {
	v, ok, err := last(k.ctx, k.r, k.whole.City, k.office.ID)
	if err != nil || !ok {
		return err
	}
	t, err := texts(k.ctx, k.r, v)
	if err != nil {
		return err
	}
	was, err := t.Body()
	if err != nil {
		return err
	}
	before := Before{ID: v.ID, Quarter: v.Quarter, At: time.UnixMicro(v.At).UTC().Format(time.RFC3339), Digest: v.Digest, Gone: []Gone{}}
	before.Bridge = bridge(was, k.body)
	earlier := map[string]*Site{}
	for i := range was.Sites {
		earlier[was.Sites[i].Park] = &was.Sites[i]
	}
	for i := range k.body.Sites {
		s := &k.body.Sites[i]
		s.Changes = changes(earlier[s.Park], s)
		delete(earlier, s.Park)
	}
	for _, s := range was.Sites {
		if earlier[s.Park] != nil {
			before.Gone = append(before.Gone, Gone{s.Park, s.Name})
		}
	}
	k.body.Before = &before
	return nil
}

// Body reads the main text. Error kind Internal, key "review.damaged".
func (t Texts) Body() (b Body, err error) {
	if err = json.Unmarshal([]byte(t.Main), &b); err != nil {
		return b, fault.Because(err, fault.Internal, "review.damaged")
	}
	return b, nil
}

// bridge explains each stage of the funnel by who came and who went: Before and Came less Went is After.
func bridge(was, now Body) []Step {
	entered := func(b Body, stage string) map[string]string {
		out := map[string]string{}
		for _, s := range b.Sites {
			for _, t := range s.Tenants {
				if slices.Contains(t.Entered, stage) {
					out[t.ID] = t.Name
				}
			}
		}
		return out
	}
	out := []Step{}
	for _, c := range now.Funnel {
		a, b := entered(was, c.Stage), entered(now, c.Stage)
		out = append(out, Step{Stage: c.Stage, Before: len(a), After: len(b), Came: less(b, a), Went: less(a, b)})
	}
	return out
}

// less lists what is in a and not in b, by name.
func less(a, b map[string]string) []Name {
	out := []Name{}
	for id, name := range a {
		if _, ok := b[id]; !ok {
			out = append(out, Name{id, name})
		}
	}
	slices.SortFunc(out, func(x, y Name) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) })
	return out
}

// changes tells what became of each row of a site.
func changes(was, now *Site) []Change {
	out := []Change{}
	if was == nil {
		return append(out, Change{Kind: "site", ID: now.Park, Name: now.Name, What: "came"})
	}
	say := func(kind, id, name, what, stage, before, after string) {
		if before != after || what == "came" || what == "went" {
			out = append(out, Change{kind, id, name, what, stage, before, after})
		}
	}
	say("site", now.Park, now.Name, "built", "", area(was.BuiltM2), area(now.BuiltM2))
	say("site", now.Park, now.Name, "lettable", "", area(was.LettableM2), area(now.LettableM2))
	matched(was.Tenants, now.Tenants, func(t Tenant) string { return t.ID }, func(a, b *Tenant) {
		switch {
		case a == nil:
			say("tenancy", b.ID, b.Name, "came", "", "", b.Stage)
		case b == nil:
			say("tenancy", a.ID, a.Name, "went", "", a.Stage, "")
		default:
			say("tenancy", b.ID, b.Name, "stage", "", a.Stage, b.Stage)
			say("tenancy", b.ID, b.Name, "area", "", area(a.AreaM2), area(b.AreaM2))
		}
	})
	matched(was.Projects, now.Projects, func(p Project) string { return p.ID }, func(a, b *Project) {
		switch {
		case a == nil:
			say("project", b.ID, b.Name, "came", "", "", b.Stage)
		case b == nil:
			say("project", a.ID, a.Name, "went", "", a.Stage, "")
		default:
			milestones(a, b, say)
		}
	})
	matched(was.Problems, now.Problems, func(p Problem) string { return p.ID }, func(a, b *Problem) {
		switch {
		case a == nil:
			say("problem", b.ID, b.Title, "came", "", "", b.State)
		case b == nil:
			say("problem", a.ID, a.Title, "went", "", a.State, "")
		default:
			say("problem", b.ID, b.Title, "state", "", a.State, b.State)
			say("problem", b.ID, b.Title, "due", "", a.Due, b.Due)
		}
	})
	return out
}

// milestones tells which milestones of a project were reached, taken back or planned anew.
func milestones(a, b *Project, say func(kind, id, name, what, stage, before, after string)) {
	matched(a.Milestones, b.Milestones, func(m Milestone) string { return m.Stage }, func(x, y *Milestone) {
		if x == nil {
			x = &Milestone{Stage: y.Stage}
		}
		if y == nil {
			y = &Milestone{Stage: x.Stage}
		}
		what := "reached"
		if y.Day == "" {
			what = "undone"
		}
		say("project", b.ID, b.Name, what, y.Stage, x.Day, y.Day)
		say("project", b.ID, b.Name, "planned", y.Stage, x.Planned, y.Planned)
	})
}

// matched calls fn with both sides of every row, in the order of the later list; those that are gone come last, with nil.
func matched[T any](was, now []T, key func(T) string, fn func(a, b *T)) {
	earlier := map[string]*T{}
	for i := range was {
		earlier[key(was[i])] = &was[i]
	}
	for i := range now {
		fn(earlier[key(now[i])], &now[i])
		delete(earlier, key(now[i]))
	}
	for i := range was {
		if earlier[key(was[i])] != nil {
			fn(&was[i], nil)
		}
	}
}

func area(v *int64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatInt(*v, 10)
}
