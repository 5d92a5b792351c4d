package vintage

import (
	"context"
	"io"
	"slices"
	"sync"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Moved says whether the ledger, read by the definitions in force now, gives another value or other natures than a vintage
// does, of any indicator that both have. Names that changed are no move, and neither is an indicator that came or went. It
// does not say why; Compare does.
func Moved(ctx context.Context, r db.Reader, v *indicator.View, b *indicator.Book, of Vintage) (bool, error) {
	const op = "vintage.Moved"
	now, err := reportOf(v.AsOf(of.Month), b, of.Month)
	if err != nil {
		return false, fault.Wrap(op, err)
	}
	p, err := newPart(Results, func(w io.Writer) error { return writeJSON(w, now) })
	if err != nil || p.digest == of.Parts[Results] {
		return false, fault.Wrap(op, err)
	}
	k := &Kept{Vintage: of}
	if k.parts, err = parts(ctx, r, of, Results); err != nil {
		return false, fault.Wrap(op, err)
	}
	then, err := k.Report()
	return err != nil || now.differs(then), nil // a report that cannot be read is not what the ledger says
}

// differs compares what two reports say of the same indicator and org.
func (r Report) differs(o Report) bool {
	type cell struct{ code, org string }
	values := map[cell]Value{}
	for _, in := range o.Indicators {
		for _, v := range in.Values {
			values[cell{in.Code, v.Org}] = v
		}
	}
	for _, in := range r.Indicators {
		for _, v := range in.Values {
			if was, ok := values[cell{in.Code, v.Org}]; ok && !(v.Month.same(was.Month) && v.Year.same(was.Year)) {
				return true
			}
		}
	}
	return false
}

func (e *Exact) same(o *Exact) bool {
	if e == nil || o == nil {
		return e == o
	}
	return e.N == o.N && e.D == o.D && slices.Equal(e.Natures, o.Natures)
}

// Shelf remembers what costs seconds in a large city: which vintages the ledger moved away from, and the last sides that
// were opened for a bridge. The zero Shelf is ready. Safe for concurrent use.
type Shelf struct {
	verdicts struct {
		sync.Mutex
		at map[string]verdict
	}
	sides struct {
		sync.Mutex
		open []opened // the one asked for last stands last
	}
}

type verdict struct {
	digest   string // of the vintage
	sequence int64  // of the ledger
	moved    bool
}

type opened struct {
	key  string
	side Side
}

// maxOpen is how many sides stay open: those of one bridge. In a city of 20,000 enterprises one takes 70 MB.
const maxOpen = 2

// maxTouches is how many changed rows are looked through before the results are computed again.
const maxTouches = 20_000

// Moved is Moved of a vintage, computed only when a row that the month reads was touched since it was last asked.
func (s *Shelf) Moved(ctx context.Context, r db.Reader, v *indicator.View, b *indicator.Book, of Vintage) (bool, error) {
	s.verdicts.Lock()
	defer s.verdicts.Unlock()
	if s.verdicts.at == nil {
		s.verdicts.at = map[string]verdict{}
	}
	last, ok := s.verdicts.at[of.Name()]
	if ok = ok && last.digest == of.Digest && last.sequence <= v.Sequence; ok && last.sequence < v.Sequence {
		touched, upto, err := audit.Touched(ctx, r, of.City, last.sequence, maxTouches)
		if err != nil {
			return false, fault.Wrap("vintage.Moved", err)
		}
		ok = upto >= v.Sequence && !concerns(touched, of.Month)
	}
	if !ok {
		moved, err := Moved(ctx, r, v, b, of)
		if err != nil {
			return false, err
		}
		last = verdict{digest: of.Digest, moved: moved}
	}
	last.sequence = v.Sequence
	s.verdicts.at[of.Name()] = last
	return last.moved, nil
}

// concerns says whether a touched row may be one that a month reads.
func concerns(touched []audit.Touch, m period.Month) bool {
	for _, t := range touched {
		switch t.Kind {
		case filing.Kind:
			k, ok := filing.ParseTouch(t.ID)
			if !ok || k.Month <= m && k.Month >= period.MonthOf(m.Year()-1, 1) {
				return true
			}
		case park.Kind, enterprise.Kind, tenancy.Kind, project.Noun, "org":
			return true
		}
	}
	return false
}

// Side opens a vintage for a bridge.
func (s *Shelf) Side(k *Kept) (Side, error) { return s.side(k.Digest, k.Side) }

// Present opens the ledger as it stands for a bridge to it, cut as a closing of the month would cut it.
func (s *Shelf) Present(v *indicator.View, b *indicator.Book, m period.Month) (Side, error) {
	key := Vintage{City: v.City(), Month: m, No: v.Sequence}.Name()
	return s.side(key, func() (Side, error) {
		p, err := newPart(Inputs, func(w io.Writer) error { return b.Freeze(v, m, w) })
		if err != nil {
			return Side{}, fault.Wrap("vintage.Present", err)
		}
		k := Kept{parts: []part{p}}
		frozen, err := k.View()
		return Side{frozen, b}, fault.Wrap("vintage.Present", err)
	})
}

func (s *Shelf) side(key string, open func() (Side, error)) (Side, error) {
	s.sides.Lock()
	defer s.sides.Unlock()
	for i, o := range s.sides.open {
		if o.key == key {
			s.sides.open = append(append(s.sides.open[:i:i], s.sides.open[i+1:]...), o)
			return o.side, nil
		}
	}
	side, err := open()
	if err != nil {
		return Side{}, err
	}
	s.sides.open = append(s.sides.open, opened{key, side})
	if len(s.sides.open) > maxOpen {
		s.sides.open = append([]opened(nil), s.sides.open[1:]...)
	}
	return side, nil
}
