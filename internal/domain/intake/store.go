package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// kind is the name of this noun in audit lines.
const kind = "intake"

// chunkBytes is how a file is cut up in the database.
const chunkBytes = 256 << 10

// kept is what the column report holds.
type kept struct {
	Seen   json.RawMessage `json:"seen,omitempty"`
	Report *Report         `json:"report,omitempty"`
}

// Upload is a file that comes in.
type Upload struct {
	Name    string
	Content []byte
	Mapping string // that a person or an earlier file of the office has given; empty: none
	Seen    string // what the edge saw in it, as JSON; may be empty
}

// Open keeps a file as a new intake, which waits for its mapping. The target must be one that Resolve gave. One audit line.
func Open(ctx context.Context, w db.Writer, act org.Act, t Target, u Upload) (Intake, error) {
	in := Intake{Target: t, ID: act.NewID(), State: Mapping, Mapping: u.Mapping, Seen: u.Seen, Actor: act.Actor, At: act.At.UTC(), Version: 1}
	at, err := orgOf(ctx, w.Reader, act.Scope, t)
	in.Org = string(at)
	if err == nil {
		err = insert(ctx, w, act, in)
	}
	if err == nil {
		err = addFile(ctx, w, act, &in, u)
	}
	if err == nil {
		_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "intake.open", Kind: kind, Entity: in.ID, At: act.At,
			Detail: map[string]any{"form": t.Form, "subject": t.Subject, "period": t.Period, "file": u.Name, "digest": in.Last().Digest}})
	}
	return in, fault.Wrap("intake.Open", err)
}

// orgOf is the office whose intake it is: the scope's own, of an enterprise's user that where the enterprise counts to.
func orgOf(ctx context.Context, r db.Reader, s auth.Scope, t Target) (org.ID, error) {
	if s.Enterprise == "" {
		return org.Leaf(s.Path), nil
	}
	_, at, err := subjectOf(ctx, r, s, form.OfEnterprise, s.Enterprise)
	return at, err
}

func insert(ctx context.Context, w db.Writer, act org.Act, in Intake) error {
	_, err := w.Exec(ctx, `INSERT INTO intake (city, id, form, subject_kind, subject, period, org, mapping, state, job, report, actor, at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, $11, $12, 1)`,
		act.Scope.City, in.ID, in.Form, string(in.Kind), orNull(in.Subject), in.Period, in.Org, orNull(in.Mapping), string(in.State),
		contents(in), act.Actor, act.At.UnixMicro())
	return err
}

func contents(in Intake) string {
	k := kept{Report: in.Report}
	if in.Seen != "" {
		k.Seen = json.RawMessage(in.Seen)
	}
	text, err := json.Marshal(k)
	if err != nil { // an edge that gives no JSON
		return "{}"
	}
	return string(text)
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func addFile(ctx context.Context, w db.Writer, act org.Act, in *Intake, u Upload) error {
	f := File{No: len(in.Files) + 1, Name: u.Name, Digest: DigestOf(u.Content), Size: int64(len(u.Content)), At: act.At.UTC()}
	if err := page.Clean(u.Name); err != nil {
		return err
	}
	_, err := w.Exec(ctx, `INSERT INTO intake_file (city, intake, no, name, digest, size, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		act.Scope.City, in.ID, f.No, f.Name, f.Digest, f.Size, act.At.UnixMicro())
	if err != nil {
		return err
	}
	insert, err := w.Prepare(ctx, `INSERT INTO intake_chunk (city, intake, no, chunk, bytes) VALUES ($1, $2, $3, $4, $5)`)
	if err != nil {
		return err
	}
	for i := 0; i*chunkBytes < len(u.Content); i++ {
		part := u.Content[i*chunkBytes : min(len(u.Content), (i+1)*chunkBytes)]
		if err := insert.Exec(ctx, act.Scope.City, in.ID, f.No, i, part); err != nil {
			return err
		}
	}
	in.Files = append(in.Files, f)
	return insert.Close()
}

// DigestOf is the SHA-256 of a file's bytes, in hex.
func DigestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// AddFile takes the mended file, which counts for the rows that it has; those of the files before stay staged. The intake
// waits for its mapping again, or for a check by the mapping it has. Errors: Stale "intake.state".
func AddFile(ctx context.Context, w db.Writer, act org.Act, id string, u Upload) (Intake, error) {
	in, err := Get(ctx, w.Reader, act.Scope, id)
	if err == nil {
		err = in.ready(Mapping, Checked, Failed, Committed)
	}
	if err == nil {
		err = addFile(ctx, w, act, &in, u)
	}
	if err == nil {
		in.Seen = u.Seen
		err = setState(ctx, w, act, &in, Mapping, in.Report)
	}
	return in, fault.Wrap("intake.AddFile", err)
}

func (in Intake) ready(states ...State) error {
	for _, s := range states {
		if in.State == s {
			return nil
		}
	}
	return fault.New(fault.Stale, "intake.state", "state", string(in.State))
}

const (
	columns = `i.id, i.form, COALESCE(i.subject_kind, ''), COALESCE(i.subject, ''), i.period, i.org, COALESCE(i.mapping, ''), i.state, COALESCE(i.job, ''),
		COALESCE(i.report, '{}'), i.actor, i.at, i.version, ` + latest
	// latest is the name of the latest file.
	latest      = `(SELECT x.name FROM intake_file x WHERE x.city = i.city AND x.intake = i.id ORDER BY x.no DESC LIMIT 1)`
	headColumns = `i.id, i.form, COALESCE(i.subject_kind, ''), COALESCE(i.subject, ''), i.period, i.org, '', i.state, COALESCE(i.job, ''),
		'{}', i.actor, i.at, i.version, ` + latest  // reports are large
)

func scan(row db.Scanner) (in Intake, err error) {
	var at int64
	var text string
	var latest *string
	if err = row.Scan(&in.ID, &in.Form, &in.Kind, &in.Subject, &in.Period, &in.Org, &in.Mapping, &in.State, &in.Job, &text, &in.Actor, &at, &in.Version, &latest); err != nil {
		return in, err
	}
	in.At = time.UnixMicro(at).UTC()
	if latest != nil {
		in.Latest = *latest
	}
	var k kept
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return in, fault.Because(err, fault.Internal, "internal")
	}
	in.Seen, in.Report = string(k.Seen), k.Report
	return in, nil
}

// visible adds the conditions under which a scope sees an intake i with its org o.
func visible(w *page.Where, s auth.Scope) bool {
	if s.None() {
		return false
	}
	w.And("i.city = %s", s.City)
	if s.Enterprise != "" {
		w.And("i.subject_kind = 'enterprise' AND i.subject = %s", s.Enterprise)
		return true
	}
	from, to := org.Reach(s, "").Range()
	w.And("o.path >= %s AND o.path < %s", from, to)
	return true
}

const tables = ` FROM intake i JOIN org o ON o.city = i.city AND o.id = i.org`

// Get gives an intake that the scope covers, with its files. Error kind NotFound, key "intake.not_found".
func Get(ctx context.Context, r db.Reader, s auth.Scope, id string) (Intake, error) {
	var w page.Where
	if page.Clean(id) != nil || !visible(&w, s) {
		return Intake{}, fault.Wrap("intake.Get", notFound(id))
	}
	w.And("i.id = %s", id)
	in, err := scan(r.QueryRow(ctx, `SELECT `+columns+tables+w.SQL(), w.Args()...))
	if fault.KindOf(err) == fault.NotFound {
		err = notFound(id)
	}
	if err != nil {
		return Intake{}, fault.Wrap("intake.Get", err)
	}
	in.Files, err = filesOf(ctx, r, s.City, id)
	return in, fault.Wrap("intake.Get", err)
}

func notFound(id string) error { return fault.New(fault.NotFound, "intake.not_found", "id", id) }

// maxFiles bounds the files of one intake: nobody mends a file so often.
const maxFiles = 500

func filesOf(ctx context.Context, r db.Reader, city, id string) ([]File, error) {
	return db.Collect(ctx, r, func(row db.Scanner) (f File, err error) {
		var at int64
		err = row.Scan(&f.No, &f.Name, &f.Digest, &f.Size, &at)
		f.At = time.UnixMicro(at).UTC()
		return f, err
	}, `SELECT no, name, digest, size, at FROM intake_file WHERE city = $1 AND intake = $2 ORDER BY no LIMIT $3`, city, id, maxFiles)
}

// List gives one page of the intakes that the scope covers, latest first, without files, mapping and report, and the cursor of the page after
// it. Those that were discarded are left out. Errors: Invalid "cursor.invalid", "limit.invalid".
func List(ctx context.Context, r db.Reader, s auth.Scope, after string, limit int) ([]Intake, string, error) {
	size, err := page.Size(limit)
	if err != nil {
		return nil, "", fault.Wrap("intake.List", err)
	}
	at, id, err := placeBefore(after)
	var w page.Where
	if err != nil || !visible(&w, s) {
		return nil, "", fault.Wrap("intake.List", err)
	}
	w.And("i.state <> 'discarded'")
	w.And("(i.at, i.id) < (%s, %s)", at, id)
	list, err := db.Collect(ctx, r, scan, `SELECT `+headColumns+tables+w.SQL()+` ORDER BY i.at DESC, i.id DESC LIMIT `+w.Arg(size+1), w.Args()...)
	if err != nil || len(list) <= size {
		return list, "", fault.Wrap("intake.List", err)
	}
	last := list[size-1]
	return list[:size], page.Cursor(strconv.FormatInt(last.At.UnixMicro(), 10), last.ID), nil
}

// placeBefore reads a cursor of lists that begin with the latest.
func placeBefore(cursor string) (at int64, id string, err error) {
	if cursor == "" {
		return 1<<63 - 1, "", nil
	}
	parts, err := page.Place(cursor, 2)
	if err == nil {
		if at, err = strconv.ParseInt(parts[0], 10, 64); err != nil {
			err = fault.New(fault.Invalid, "cursor.invalid")
		}
	}
	if err != nil {
		return 0, "", err
	}
	return at, parts[1], nil
}

// Content gives the bytes of one of an intake's files.
func Content(ctx context.Context, r db.Reader, s auth.Scope, in Intake, no int) ([]byte, error) {
	var out []byte
	err := db.Each(ctx, r, func(row db.Scanner) error {
		var part []byte
		err := row.Scan(&part)
		out = append(out, part...)
		return err
	}, `SELECT bytes FROM intake_chunk WHERE city = $1 AND intake = $2 AND no = $3 ORDER BY chunk`, s.City, in.ID, no)
	if err == nil {
		if no < 1 || no > len(in.Files) || DigestOf(out) != in.Files[no-1].Digest {
			err = fault.New(fault.Internal, "internal")
		}
	}
	return out, fault.Wrap("intake.Content", err)
}

// setState moves an intake on, and is refused when somebody else did meanwhile: Stale "row.stale".
func setState(ctx context.Context, w db.Writer, act org.Act, in *Intake, to State, report *Report) error {
	was := in.Version
	in.State, in.Report, in.Version = to, report, was+1
	n, err := w.Exec(ctx, `UPDATE intake SET state = $1, mapping = $2, job = $3, report = $4, version = $5 WHERE city = $6 AND id = $7 AND version = $8`,
		string(to), orNull(in.Mapping), orNull(in.Job), contents(*in), in.Version, act.Scope.City, in.ID, was)
	if err == nil && n == 0 {
		err = fault.New(fault.Stale, "row.stale", "version", was)
	}
	return err
}

// Begin hands an intake to a job: it is then Checking or Committing. version is the one the caller read; 0 takes any. A new
// mapping is kept with it; empty keeps the old one. Errors: Stale "row.stale", "intake.state"; Invalid "intake.no_mapping".
func Begin(ctx context.Context, w db.Writer, act org.Act, id string, version int64, to State, mapping, job string) (Intake, error) {
	in, err := Get(ctx, w.Reader, act.Scope, id)
	if err == nil && version != 0 && in.Version != version {
		err = fault.New(fault.Stale, "row.stale", "version", in.Version)
	}
	if err == nil && to == Committing {
		err = in.ready(Checked)
	} else if err == nil {
		err = in.ready(Mapping, Checked, Failed, Committed)
	}
	if err == nil && mapping != "" {
		in.Mapping = mapping
	}
	if err == nil && in.Mapping == "" {
		err = fault.New(fault.Invalid, "intake.no_mapping")
	}
	if err == nil {
		in.Job = job
		err = setState(ctx, w, act, &in, to, in.Report)
	}
	return in, fault.Wrap("intake.Begin", err)
}

// End says what came of a job: Checked with the report, Failed with why. What earlier commits of the intake wrote stays in the
// report.
func End(ctx context.Context, w db.Writer, act org.Act, id string, to State, report Report) (Intake, error) {
	in, err := Get(ctx, w.Reader, act.Scope, id)
	if err == nil {
		err = in.ready(Checking, Committing)
	}
	if err == nil {
		if in.Report != nil {
			report.Batches, report.Commit, report.Written = in.Report.Batches, in.Report.Commit, in.Report.Written
		}
		err = setState(ctx, w, act, &in, to, &report)
	}
	return in, fault.Wrap("intake.End", err)
}

// Cancel brings an intake whose job was cancelled back to where it was: with a report to Checked, else to Mapping. An intake
// without a job stays as it is.
func Cancel(ctx context.Context, w db.Writer, act org.Act, id string) (Intake, error) {
	in, err := Get(ctx, w.Reader, act.Scope, id)
	if err == nil {
		switch {
		case in.State == Committing:
			err = setState(ctx, w, act, &in, Checked, in.Report)
		case in.State == Checking:
			err = setState(ctx, w, act, &in, Mapping, in.Report)
		}
	}
	return in, fault.Wrap("intake.Cancel", err)
}

// Discard puts an intake away that wrote nothing; its files' bytes are removed. Errors: Stale "intake.state".
func Discard(ctx context.Context, w db.Writer, act org.Act, id string) error {
	in, err := Get(ctx, w.Reader, act.Scope, id)
	if err == nil {
		err = in.ready(Mapping, Checked, Failed)
	}
	if err == nil && in.Report != nil && len(in.Report.Batches) > 0 {
		err = fault.New(fault.Stale, "intake.state", "state", string(Committed))
	}
	if err == nil {
		_, err = w.Exec(ctx, `DELETE FROM intake_chunk WHERE city = $1 AND intake = $2`, act.Scope.City, id)
	}
	if err == nil {
		in.Seen = ""
		err = setState(ctx, w, act, &in, Discarded, nil)
	}
	if err == nil {
		_, err = audit.Append(ctx, w, audit.Entry{City: act.Scope.City, Actor: act.Actor, Action: "intake.discard", Kind: kind, Entity: id, At: act.At})
	}
	return fault.Wrap("intake.Discard", err)
}

// See keeps what the edge saw in the latest file with another header; the intake waits for its mapping, and one that was given
// before is forgotten. Errors: Stale "row.stale", "intake.state".
func See(ctx context.Context, w db.Writer, act org.Act, id string, version int64, seen string) (Intake, error) {
	in, err := Get(ctx, w.Reader, act.Scope, id)
	if err == nil && in.Version != version {
		err = fault.New(fault.Stale, "row.stale", "version", in.Version)
	}
	if err == nil {
		err = in.ready(Mapping, Checked, Failed)
	}
	if err == nil {
		in.Seen, in.Mapping = seen, ""
		err = setState(ctx, w, act, &in, Mapping, in.Report)
	}
	return in, fault.Wrap("intake.See", err)
}
