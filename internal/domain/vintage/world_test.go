package vintage_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// june is the month that the tests close.
var june = period.MonthOf(2024, 6)

const yuan = 100 // fen

// town is the small city of tenancytest with returns: e-a 1,000 yuan, e-b 500 and e-c 200 of output in June 2024, each as
// much in May and in June of the year before, and 10 jobs.
type town struct {
	t    testing.TB
	d    *db.DB
	book *indicator.Book
}

func newTown(t testing.TB, d *db.DB) *town {
	t.Helper()
	b, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	tenancytest.Fill(t, d)
	w := &town{t, d, b}
	for firm, output := range map[string]int64{"e-a": 1000, "e-b": 500, "e-c": 200} {
		for _, m := range []period.Month{period.MonthOf(2023, 6), period.MonthOf(2024, 5), june, june + 1} {
			w.file(firm, m, output)
		}
	}
	return w
}

func act() org.Act { return tenancytest.Act(tenancytest.Scopes["city"]) }

func (w *town) file(firm string, m period.Month, output int64) {
	w.t.Helper()
	tenancytest.Write(w.t, w.d, func(ctx context.Context, tx db.Writer) error {
		_, err := filing.AddMany(ctx, tx, act(), slices.Values([]filing.Value{
			{Enterprise: enterpriseID(firm), Month: m, Field: filing.Output, Value: output * yuan, Nature: figure.Declared, Source: "returns"},
			{Enterprise: enterpriseID(firm), Month: m, Field: filing.Jobs, Value: 10, Nature: figure.Record, Source: "returns"},
		}))
		return err
	})
}

// exec changes rows that no noun changes; the audit trail does not notice.
func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	tenancytest.Write(w.t, w.d, func(ctx context.Context, tx db.Writer) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// correct sets an enterprise's output of June.
func (w *town) correct(firm string, output int64) {
	w.t.Helper()
	w.exec(`UPDATE filing_value SET value = $1 WHERE enterprise = $2 AND month = 202406 AND field = 'output'`, output*yuan, firm)
}

func (w *town) view() *indicator.View {
	w.t.Helper()
	v, err := indicator.NewPanels(w.d, tenancytest.City, func() time.Time { return tenancytest.At }).Now(context.Background())
	if err != nil {
		w.t.Fatalf("Now = %v", err)
	}
	return v
}

func (w *town) take(m period.Month) *vintage.Draft {
	w.t.Helper()
	draft, err := vintage.Take(w.view(), w.book, m)
	if err != nil {
		w.t.Fatalf("Take(%v) = %v", m, err)
	}
	return draft
}

// tryClose closes June.
func (w *town) tryClose(a org.Act, m period.Month, reason string) (v vintage.Vintage, err error) {
	w.t.Helper()
	draft := w.take(m)
	err = tenancytest.Try(w.d, func(ctx context.Context, tx db.Writer) error {
		v, err = vintage.Close(ctx, tx, a, draft, reason)
		return err
	})
	return v, err
}

func (w *town) close(reason string) vintage.Vintage {
	w.t.Helper()
	v, err := w.tryClose(act(), june, reason)
	if err != nil {
		w.t.Fatalf("Close(%q) = %v", reason, err)
	}
	return v
}

func (w *town) get(no int64) *vintage.Kept {
	w.t.Helper()
	var k *vintage.Kept
	tenancytest.Read(w.t, w.d, func(ctx context.Context, r db.Reader) (err error) {
		k, err = vintage.Get(ctx, r, tenancytest.Scopes["city"], june, no)
		return err
	})
	return k
}

func (w *town) side(no int64) vintage.Side {
	w.t.Helper()
	s, err := w.get(no).Side()
	if err != nil {
		w.t.Fatalf("Side(%d) = %v", no, err)
	}
	return s
}

func bundleOf(t testing.TB, k *vintage.Kept) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := k.Bundle(&b); err != nil {
		t.Fatalf("Bundle = %v", err)
	}
	return b.Bytes()
}

func wantFault(t testing.TB, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	if f, ok := fault.Of(err); !ok || f.Kind != kind || f.Key != key {
		t.Errorf("%s = %v, want %v %s", what, err, kind, key)
	}
}

// valueOf is the output of the city in the report, in fen.
func valueOf(t testing.TB, k *vintage.Kept, code, place string) (month, year *vintage.Exact) {
	t.Helper()
	r, err := k.Report()
	if err != nil {
		t.Fatalf("Report = %v", err)
	}
	for _, in := range r.Indicators {
		for _, v := range in.Values {
			if in.Code == code && v.Org == place {
				return v.Month, v.Year
			}
		}
	}
	t.Fatalf("the report has no %s of %s", code, place)
	return nil, nil
}

func text(t testing.TB, k *vintage.Kept, part string) string {
	t.Helper()
	b, err := k.Text(part)
	if err != nil {
		t.Fatalf("Text(%s) = %v", part, err)
	}
	return strings.TrimSpace(string(b))
}
