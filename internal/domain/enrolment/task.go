package enrolment

import (
	"cmp"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// Task is something that has to be done for the window, planned back from the day on which it closes. Keys:
// enrolment.task.revenue, .file, .file_next, .base, .material, .renew, .submit, .ask, .list.
type Task struct {
	Key  string
	Args map[string]any
	Due  period.Date // last day to begin with it, or to have it; zero: no day is known
	Late bool        // that day is over
}

// tasks plans back what is in the way.
func (p *Pack) tasks(r *Row, today period.Date) (out []Task) {
	say := func(due period.Date, key string, kv ...any) {
		t := Task{Key: "enrolment.task." + key, Args: map[string]any{}, Due: due, Late: due != 0 && due < today}
		for i := 0; i+1 < len(kv); i += 2 {
			t.Args[kv[i].(string)] = kv[i+1]
		}
		out = append(out, t)
	}
	switch r.Verdict {
	case Waiting:
		if r.Register.Accepted != 0 {
			say(r.Register.Accepted.Last(), "list", "month", r.Register.Accepted.String())
		} else {
			say(0, "ask", "day", r.Case.Applied.String())
		}
		return out
	case Ready, Preparing, Misses, Below, Unknown:
	default:
		return nil
	}
	for _, b := range r.Blocks {
		switch b.Key {
		case blockKey + "threshold":
			if !r.KnowsRevenue() {
				continue // what is to be filed stands below
			}
			say(min(b.Due, r.Last.Last()), "revenue", "short", r.Sector.Threshold-r.Rolling, "last", r.Last.String())
		case blockKey + "periods":
			over, ahead := r.missing(today)
			if len(over) > 0 {
				say(b.Due, "file", "months", over)
			}
			if len(ahead) > 0 {
				say(b.Due, "file_next", "months", ahead)
			}
		case blockKey + "base":
			say(b.Due, "base", "reported", b.Args["reported"], "base", b.Args["base"])
		case blockKey + "material":
			say(b.Due, "material", "material", b.Args["material"], "recorded", b.Args["recorded"])
		case blockKey + "expired":
			say(b.Due, "renew", "material", b.Args["material"], "expires", b.Args["expires"])
		}
	}
	if r.Verdict == Ready || r.Verdict == Preparing {
		say(r.Window.Closes, "submit", "batch", r.Window.Batch.String())
	}
	slices.SortStableFunc(out, func(a, b Task) int { return cmp.Compare(a.Due, b.Due) })
	return out
}

const blockKey = "enrolment.block."

// missing lists the months that are asked for and lack revenue or output: those that are over, and those that are not.
func (r *Row) missing(today period.Date) (over, ahead []string) {
	for m := r.First; m <= r.Last; m++ {
		_, revenue := r.Case.Revenue[m]
		_, output := r.Case.Output[m]
		switch {
		case revenue && output:
		case m < today.Month():
			over = append(over, m.String())
		default:
			ahead = append(ahead, m.String())
		}
	}
	return over, ahead
}

// Because lists what decides: of a window that is missed the obstacles that are out of the way only after it has closed; where the
// way is not in sight, those of which no day is known.
func (r Readiness) Because() []Block {
	return slices.DeleteFunc(slices.Clone(r.Blocks), func(b Block) bool {
		return b.Done != 0 && (r.ReadyOn == 0 || b.Done <= r.Window.Closes)
	})
}
