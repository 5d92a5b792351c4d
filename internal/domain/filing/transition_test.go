package filing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// route brings the enterprise's filing of June into a state, by acts that are allowed.
func (x *world) route(state string) {
	x.t.Helper()
	office := func() { x.must(x.save("op", june, "output=100 tax=5")) }
	filed := func() { x.must(x.save("firm", june, "output=100 tax=5")); x.must(x.submit("firm", june)) }
	switch state {
	case "owed":
	case "draft":
		office()
	case "by office":
		office()
		x.must(x.submit("op", june))
	case "by county":
		office()
		x.must(x.submit("county", june))
	case "submitted":
		filed()
	case "half":
		filed()
		x.must(x.step("county", filing.Approve, june, ""))
	case "returned":
		filed()
		x.must(x.step("county", filing.Return, june, "why so low?"))
	case "approved":
		filed()
		x.must(x.step("county", filing.Approve, june, ""))
		x.must(x.step("city", filing.Approve, june, ""))
	case "reopened":
		x.route("approved")
		x.must(x.step("city", filing.Reopen, june, "tax bureau wrote"))
	case "changed":
		x.route("approved")
		x.must(x.save("firm", june, "output=110 tax=5"))
	default:
		x.t.Fatalf("no such state %q", state)
	}
}

// transitions says of each state and act who may: "who>state" for those who may, everybody else gets the word after "else"
// where one is given, and some fault anyway.
var transitions = []struct{ state, act, may string }{
	{"owed", "save", "firm>draft op>draft county>draft second>draft keeper>draft city>draft admin>draft viewer>draft"},
	{"draft", "save", "firm>draft op>draft county>draft second>draft keeper>draft city>draft admin>draft viewer>draft"},
	{"by office", "save", ""},
	{"submitted", "save", ""},
	{"half", "save", ""},
	{"returned", "save", "firm>draft"},
	{"approved", "save", "firm>draft"},
	{"reopened", "save", "firm>draft"},
	{"changed", "save", "firm>draft"},

	{"owed", "submit", ""},
	{"draft", "submit", "firm>submitted op>submitted county>submitted second>submitted keeper>submitted city>submitted admin>submitted viewer>submitted"},
	{"by office", "submit", ""},
	{"submitted", "submit", ""},
	{"half", "submit", ""},
	{"returned", "submit", "firm>submitted"},
	{"approved", "submit", ""},
	{"reopened", "submit", "firm>submitted"},
	{"changed", "submit", "firm>submitted"},

	{"owed", "recall", ""},
	{"draft", "recall", ""},
	{"by office", "recall", "firm>draft op>draft"},
	{"by county", "recall", "firm>draft county>draft second>draft keeper>draft"},
	{"submitted", "recall", "firm>draft"},
	{"half", "recall", ""},
	{"returned", "recall", ""},
	{"approved", "recall", ""},

	{"owed", "approve", ""},
	{"draft", "approve", ""},
	{"by office", "approve", "county>submitted second>submitted"},
	{"by county", "approve", "second>submitted"}, // not who submitted it
	{"submitted", "approve", "county>submitted second>submitted"},
	{"half", "approve", "city>approved"},
	{"returned", "approve", ""},
	{"approved", "approve", ""},
	{"changed", "approve", ""},

	{"draft", "return", ""},
	{"by office", "return", "county>returned second>returned"},
	{"by county", "return", "county>returned second>returned"},
	{"submitted", "return", "county>returned second>returned"},
	{"half", "return", "city>returned"},
	{"returned", "return", ""},
	{"approved", "return", ""},

	{"owed", "reopen", "city>draft"},
	{"draft", "reopen", "city>draft"},
	{"submitted", "reopen", ""},
	{"half", "reopen", ""},
	{"approved", "reopen", "city>draft"},
	{"changed", "reopen", "city>draft"},
}

func (x *world) do(who, act string) error {
	switch act {
	case "save":
		return x.save(who, june, "output=111 tax=5")
	case "submit":
		return x.submit(who, june)
	case "recall":
		return x.step(who, filing.Recall, june, "")
	case "approve":
		return x.step(who, filing.Approve, june, "")
	case "return":
		return x.step(who, filing.Return, june, "because")
	default:
		return x.step(who, filing.Reopen, june, "because")
	}
}

// TestTransitions_byEverybody tries every act of every person in every state: what the table does not allow is refused and
// leaves no trace.
func TestTransitions_byEverybody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newWorld(t, d)
		states := map[string][]int{}
		for i, c := range transitions {
			states[c.state] = append(states[c.state], i)
		}
		for _, state := range slices.Sorted(keys(states)) {
			x.reset()
			x.route(state)
			before := x.trace()
			for _, i := range states[state] {
				c := transitions[i]
				may := map[string]string{}
				for _, word := range strings.Fields(c.may) {
					who, to, _ := strings.Cut(word, ">")
					may[who] = to
				}
				for _, who := range slices.Sorted(keys(people)) {
					err := x.do(who, c.act)
					to, ok := may[who]
					switch {
					case ok && (err != nil || string(x.now(june).State) != to):
						t.Errorf("%s, %s by %s = %v and %s, want %s", c.state, c.act, who, err, x.now(june).State, to)
					case !ok && err == nil:
						t.Errorf("%s, %s by %s is done, want it refused", c.state, c.act, who)
					case !ok:
						if got := x.trace(); got != before {
							t.Errorf("%s, %s by %s is refused and leaves %s, want %s", c.state, c.act, who, got, before)
						}
						if k := fault.KindOf(err); k == fault.Internal || k == fault.Stale {
							t.Errorf("%s, %s by %s = %v, want a reason", c.state, c.act, who, err)
						}
					}
					if err == nil {
						x.reset()
						x.route(state)
						before = x.trace()
					}
				}
			}
		}
	})
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// reset forgets all filings and what they brought.
func (x *world) reset() {
	x.t.Helper()
	x.must(x.try(func(ctx context.Context, w db.Writer) error {
		for _, table := range []string{"filing_past", "filing_record", "filing_event", "filing_answer", "filing_remark", "filing", "filing_value"} {
			if _, err := w.Exec(ctx, `DELETE FROM `+table); err != nil {
				return err
			}
		}
		return nil
	}))
}

// trace is the filing, its records and the length of the trail.
func (x *world) trace() string {
	var seq int64
	x.read(func(ctx context.Context, r db.Reader) (err error) {
		seq, err = audit.Seq(ctx, r, tenancytest.City)
		return err
	})
	return fmt.Sprintf("%+v\n%s\n%d", x.now(june), x.records(june), seq)
}
