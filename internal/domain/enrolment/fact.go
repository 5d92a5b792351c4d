package enrolment

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/figure"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Kind is the name of this noun in audit lines and touches, whose id is the enterprise's.
const Kind = "enrolment"

// Word is something that the statistics bureau says, or that the enterprise told it. Words are separate facts: none of them
// follows from another.
type Word string

// The words.
const (
	Applied  Word = "applied"   // 已申报: material was handed in
	Returned Word = "returned"  // 已退回: it came back
	Accepted Word = "accepted"  // 已通过: accepted, from a month on
	Listed   Word = "listed"    // 已在库: in the list since a month
	Delisted Word = "delisted"  // 已退库: no longer in the list, from a month on
	Base     Word = "base"      // 基数: last year's output that the bureau's system compares with
	LastYear Word = "last_year" // 上年数: last year's output as it was reported
)

// Words lists the words.
func Words() []Word { return []Word{Applied, Returned, Accepted, Listed, Delisted, Base, LastYear} }

// Valid says whether w is one of the words.
func (w Word) Valid() bool { return slices.Contains(Words(), w) }

// ofMonth says that the word is about a month of the list.
func (w Word) ofMonth() bool { return w == Accepted || w == Listed || w == Delisted }

// ofYear says that the word states the output of a year.
func (w Word) ofYear() bool { return w == Base || w == LastYear }

// Fact is a word with who said it. Facts are only ever added; one that was wrong is taken back by a void fact with a source
// of its own.
type Fact struct {
	Enterprise enterprise.ID
	Word       Word
	Seq        int64
	Day        period.Date  // on which it was said or done
	Month      period.Month // of the list; of an amount the first month of its year; zero for the others
	Value      *int64       // fen, of an amount
	Void       bool         // takes back the latest fact of its word that stands
	Nature     figure.Nature
	Source     string
	Recorder   string
	RecordedAt time.Time
}

const maxText = 500

func (f *Fact) check(act org.Act) error {
	f.Source = strings.TrimSpace(f.Source)
	today := period.DayOf(act.At)
	switch again, err := period.ParseDate(f.Day.String()); {
	case !f.Word.Valid():
		return fault.New(fault.Invalid, "enrolment.bad_fact", "fact", f.Word)
	case err != nil || again != f.Day:
		return fault.New(fault.Invalid, "date.invalid", "text", int64(f.Day))
	case f.Day == 0:
		return fault.New(fault.Invalid, "enrolment.no_day")
	case f.Day > today:
		return fault.New(fault.Invalid, "enrolment.future_day", "day", f.Day.String())
	case f.Source == "":
		return fault.New(fault.Invalid, "enrolment.no_source")
	case utf8.RuneCountInString(f.Source) > maxText:
		return fault.New(fault.Invalid, "text.too_long", "limit", maxText)
	case !f.Nature.Valid():
		return fault.New(fault.Invalid, "figure.bad_nature", "nature", f.Nature)
	}
	if err := page.Clean(f.Source); err != nil || f.Void {
		return err
	}
	return f.checkWhat(today)
}

func (f *Fact) checkWhat(today period.Date) error {
	if !f.Word.ofYear() {
		f.Value = nil
	}
	switch {
	case f.Word.ofMonth() && f.Month == 0:
		return fault.New(fault.Invalid, "enrolment.no_month", "fact", f.Word)
	case f.Word == Listed && f.Month > today.Month():
		return fault.New(fault.Invalid, "enrolment.listed_ahead", "month", f.Month.String())
	case f.Word.ofYear() && f.Value == nil:
		return fault.New(fault.Invalid, "enrolment.no_value", "fact", f.Word)
	case f.Word.ofYear() && f.Month == 0:
		f.Month = period.MonthOf(f.Day.Year()-1, 1)
	case f.Word.ofYear():
		f.Month = period.MonthOf(f.Month.Year(), 1)
	case !f.Word.ofMonth():
		f.Month = 0
	}
	return nil
}

// Add records a fact. Listing an enterprise touches no tenancy: what the ledger says of its stage stays beside it.
//
// Errors: NotFound "enterprise.not_found", also for one that the scope does not cover; Invalid "enrolment.bad_fact",
// "enrolment.no_day", "enrolment.future_day", "enrolment.no_source", "enrolment.no_month", "enrolment.listed_ahead" (in the
// list from a month to come is accepted, not listed), "enrolment.no_value", "enrolment.nothing_to_void", "date.invalid",
// "figure.bad_nature", "text.too_long", "text.invalid".
func Add(ctx context.Context, w db.Writer, act org.Act, f Fact) (Fact, error) {
	const op = "enrolment.Add"
	if _, err := enterprise.Get(ctx, w.Reader, act.Scope, f.Enterprise); err != nil {
		return Fact{}, fault.Wrap(op, err)
	}
	if err := f.check(act); err != nil {
		return Fact{}, fault.Wrap(op, err)
	}
	all, err := Facts(ctx, w.Reader, act.Scope.City, f.Enterprise)
	if err != nil {
		return Fact{}, fault.Wrap(op, err)
	}
	for _, x := range all {
		if x.Word == f.Word {
			f.Seq = max(f.Seq, x.Seq)
		}
	}
	f.Seq, f.Recorder, f.RecordedAt = f.Seq+1, act.Actor, act.At.UTC()
	detail := map[string]any{"after": f.facts()}
	if f.Void {
		gone, ok := stands(all, f.Word)
		if !ok {
			return Fact{}, fault.Wrap(op, fault.New(fault.Invalid, "enrolment.nothing_to_void", "fact", f.Word))
		}
		f.Month, f.Value = gone.Month, gone.Value
		detail = map[string]any{"before": gone.facts(), "void": f.facts()}
	}
	if _, err := w.Exec(ctx, insertFact, f.args(act.Scope.City)...); err != nil {
		return Fact{}, fault.Wrap(op, err)
	}
	_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "enrolment.fact", Kind: Kind, Entity: string(f.Enterprise), At: act.At,
		Detail: detail, Touched: []audit.Touch{{Kind: Kind, ID: string(f.Enterprise)}}})
	return f, fault.Wrap(op, err)
}

// AddMany records many facts of enterprises that have none yet, in one audit line: a list that the bureau handed over, or a
// made-up city. Errors: those of Add; Exists for a fact of an enterprise that has one of that word.
func AddMany(ctx context.Context, w db.Writer, act org.Act, facts []Fact) error {
	err := addMany(ctx, w, act, facts, first[Fact]{action: "enrolment.fact", insert: insertFact,
		of: func(f Fact) enterprise.ID { return f.Enterprise },
		args: func(f Fact) ([]any, error) {
			f.Void = false
			if err := f.check(act); err != nil {
				return nil, err
			}
			f.Seq, f.Recorder, f.RecordedAt = 1, act.Actor, act.At.UTC()
			return f.args(act.Scope.City), nil
		}})
	return fault.Wrap("enrolment.AddMany", err)
}

// first says how rows of a kind are written of which there are none yet.
type first[T any] struct {
	action, insert string                 // of the audit line; the statement
	of             func(T) enterprise.ID  // whose a row is
	args           func(T) ([]any, error) // of the statement, when the row is sound
}

// addMany writes rows of enterprises that the scope covers, with one audit line.
func addMany[T any](ctx context.Context, w db.Writer, act org.Act, rows []T, how first[T]) error {
	visible, err := enterprise.Visible(ctx, w.Reader, act.Scope)
	if err != nil || len(rows) == 0 {
		return err
	}
	stmt, err := w.Prepare(ctx, how.insert)
	if err != nil {
		return err
	}
	defer stmt.Close()
	entry := audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: how.action, Kind: Kind, At: act.At, Detail: map[string]any{"count": len(rows)}}
	for _, row := range rows {
		id := how.of(row)
		if !visible[id] {
			return fault.New(fault.NotFound, "enterprise.not_found", "id", id)
		}
		args, err := how.args(row)
		if err != nil {
			return err
		}
		if err := stmt.Queue(ctx, args...); err != nil {
			return err
		}
		entry.Touched = append(entry.Touched, audit.Touch{Kind: Kind, ID: string(id)})
	}
	_, err = audit.Append(ctx, w, entry)
	return err
}

func (f *Fact) facts() map[string]any {
	out := map[string]any{"fact": f.Word, "day": f.Day.String(), "source": f.Source, "nature": f.Nature}
	if f.Month != 0 {
		out["month"] = f.Month.String()
	}
	if f.Value != nil {
		out["value"] = *f.Value
	}
	return out
}

const factColumns = `enterprise, fact, seq, day, month, value, void, nature, source, recorder, recorded_at`

const insertFact = `INSERT INTO enrolment_fact (city, ` + factColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

func (f *Fact) args(city string) []any {
	return []any{city, string(f.Enterprise), string(f.Word), f.Seq, int64(f.Day), numberOf(f.Month), f.Value, flag(f.Void), string(f.Nature), f.Source, f.Recorder, f.RecordedAt.UnixMicro()}
}

func scanFact(s db.Scanner) (f Fact, err error) {
	var day, month, void, at int64
	err = s.Scan(&f.Enterprise, &f.Word, &f.Seq, &day, &month, &f.Value, &void, &f.Nature, &f.Source, &f.Recorder, &at)
	f.Day, f.Month, f.Void, f.RecordedAt = period.Date(day), monthOf(month), void == 1, time.UnixMicro(at).UTC()
	return f, err
}

// maxFacts bounds the facts of one enterprise.
const maxFacts = 5000

// Facts gives all facts of an enterprise, void ones and those they took back too, in the order of recording. It knows no
// scope: who asks has found the enterprise. Errors: those of the database.
func Facts(ctx context.Context, r db.Reader, city string, id enterprise.ID) ([]Fact, error) {
	out, err := db.Collect(ctx, r, scanFact, `SELECT `+factColumns+` FROM enrolment_fact WHERE city = $1 AND enterprise = $2 ORDER BY fact, seq LIMIT $3`,
		city, string(id), maxFacts)
	slices.SortStableFunc(out, func(a, b Fact) int { return a.RecordedAt.Compare(b.RecordedAt) })
	return out, fault.Wrap("enrolment.Facts", err)
}

// stands gives the latest fact of a word that was not taken back. facts of a word come in the order of their seq.
func stands(facts []Fact, w Word) (Fact, bool) {
	var held []Fact
	for _, f := range facts {
		switch {
		case f.Word != w:
		case !f.Void:
			held = append(held, f)
		case len(held) > 0:
			held = held[:len(held)-1]
		}
	}
	if len(held) == 0 {
		return Fact{}, false
	}
	return held[len(held)-1], true
}

// Mark says what a fact is worth today.
type Mark string

// The marks.
const (
	Counts    Mark = "counts"     // the latest of its word that stands
	Earlier   Mark = "earlier"    // a later one counts
	TakenBack Mark = "taken_back" // by a void fact
	IsVoid    Mark = "void"       // took another one back
)

// Marks gives the mark of each fact, in their order. Facts of a word come in the order of their seq.
func Marks(facts []Fact) []Mark {
	out := make([]Mark, len(facts))
	held := map[Word][]int{}
	for i, f := range facts {
		of := held[f.Word]
		if !f.Void {
			if len(of) > 0 {
				out[of[len(of)-1]] = Earlier
			}
			out[i], held[f.Word] = Counts, append(of, i)
			continue
		}
		out[i] = IsVoid
		if len(of) == 0 {
			continue
		}
		out[of[len(of)-1]] = TakenBack
		if of = of[:len(of)-1]; len(of) > 0 {
			out[of[len(of)-1]] = Counts
		}
		held[f.Word] = of
	}
	return out
}

// numberOf is a month as the table holds it, yyyymm; 0 for none.
func numberOf(m period.Month) int64 {
	if m == 0 {
		return 0
	}
	return int64(m.Year()*100 + m.Month())
}

func monthOf(n int64) period.Month {
	if n == 0 {
		return 0
	}
	return period.MonthOf(int(n/100), int(n%100))
}

func flag(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

// Register is what the facts of an enterprise come to, with what its register entry says.
type Register struct {
	Since    period.Month // in the list since; zero: not in it on that day
	ByFact   bool         // the bureau's word was recorded as a fact; else the enterprise's entry says it
	Gone     period.Month // no longer in the list since; zero: it is in it, or never was
	Accepted period.Month // accepted for; zero: not, or listed since
	Applied  period.Date  // handed in and not answered
	Base     *int64       // output of last year that the bureau will compare with; nil: not known
	LastYear *int64       // output of last year as it was reported; nil: not known
	Year     int          // last year
}

// ListedSince is the month since which facts say that an enterprise is in the list on a day; zero where they do not, or where
// it is no longer. Its register entry is not asked.
func ListedSince(facts []Fact, today period.Date) period.Month {
	return registerAt(facts, 0, today).Since
}

// registerAt reads the facts of one enterprise as they stand on a day. aboveScale is the enterprise's entry.
func registerAt(facts []Fact, aboveScale period.Date, today period.Date) (g Register) {
	listed, isListed := stands(facts, Listed)
	since := aboveScale.Month()
	if isListed {
		since, g.ByFact = listed.Month, true
	}
	delisted, isDelisted := stands(facts, Delisted)
	if isDelisted && delisted.Month >= since && delisted.Month <= today.Month() {
		g.Gone, since = delisted.Month, 0
	}
	g.Since = since
	if since != 0 {
		return g
	}
	g.ByFact = false
	after := func(f Fact, ok bool) bool { return ok && (g.Gone == 0 || f.Day > delisted.Day) }
	accepted, isAccepted := stands(facts, Accepted)
	applied, isApplied := stands(facts, Applied)
	returned, isReturned := stands(facts, Returned)
	if after(accepted, isAccepted) && !(isReturned && returned.Day > accepted.Day) {
		g.Accepted = accepted.Month
	}
	if after(applied, isApplied) && !(isReturned && returned.Day >= applied.Day) {
		g.Applied = applied.Day
	}
	g.amounts(facts, today)
	return g
}

// amounts takes over the two figures of last year where both are of the same year, and that is the one before today's.
func (g *Register) amounts(facts []Fact, today period.Date) {
	g.Year = today.Year() - 1
	of := func(w Word) *int64 {
		f, _ := stands(slices.DeleteFunc(slices.Clone(facts), func(f Fact) bool { return f.Month == 0 || f.Month.Year() != g.Year }), w)
		return f.Value
	}
	g.Base, g.LastYear = of(Base), of(LastYear)
}
