package evidence

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// maxPerSubject bounds the evidence of one subject, withdrawn pieces included.
const maxPerSubject = 500

const columns = `v.subject_kind, v.subject, CASE v.subject_kind WHEN 'project' THEN j.name ELSE e.name END, o.id,
	v.id, v.stage, v.grade, v.title, v.number, COALESCE(v.issued, 0), COALESCE(v.expires, 0), v.file_name, COALESCE(v.digest, ''), COALESCE(b.media, ''),
	COALESCE(b.size, 0), CASE WHEN b.thumbnail IS NULL THEN 0 ELSE 1 END, v.taken_at, v.latitude, v.longitude, v.note, v.recorder, v.recorded_at,
	COALESCE(v.withdrawn_reason, ''), COALESCE(v.withdrawn_by, ''), v.withdrawn_at, CASE WHEN ` + used + ` THEN 1 ELSE 0 END`

// used says that something rests on v: an entry that was not taken back, or the latest word on a paper.
const used = `(EXISTS (SELECT 1 FROM milestone_evidence m WHERE m.city = v.city AND m.evidence = v.id AND NOT EXISTS (SELECT 1 FROM milestone_void x
		WHERE x.city = m.city AND x.subject_kind = m.subject_kind AND x.subject = m.subject AND x.stage = m.stage AND x.way = m.way AND x.seq = m.seq))
	OR EXISTS (SELECT 1 FROM enrolment_paper a WHERE a.city = v.city AND a.evidence = v.id AND a.have = 1
		AND NOT EXISTS (SELECT 1 FROM enrolment_paper z WHERE z.city = a.city AND z.enterprise = a.enterprise AND z.paper = a.paper AND z.seq > a.seq)))`

// tables joins the subject that v is of, with its org o; e is the enterprise of a tenancy or the one itself.
const tables = ` FROM evidence v LEFT JOIN blob b ON b.city = v.city AND b.digest = v.digest
	LEFT JOIN tenancy t ON v.subject_kind = 'tenancy' AND t.city = v.city AND t.id = v.subject
	LEFT JOIN park p ON p.city = t.city AND p.id = t.park
	LEFT JOIN project j ON v.subject_kind = 'project' AND j.city = v.city AND j.id = v.subject
	LEFT JOIN enterprise e ON e.city = v.city AND e.id = CASE v.subject_kind WHEN 'enterprise' THEN v.subject ELSE t.enterprise END
	JOIN org o ON o.city = v.city AND o.id = CASE v.subject_kind WHEN 'tenancy' THEN p.org WHEN 'project' THEN j.org ELSE e.org END`

func scan(s db.Scanner) (v Evidence, err error) {
	var thumbnail, used int64
	var gone Withdrawal
	var at *int64
	err = s.Scan(&v.Ref.Kind, &v.Ref.ID, &v.SubjectName, &v.Org,
		&v.ID, &v.Stage, &v.Grade, &v.Title, &v.Number, &v.Issued, &v.Expires, &v.FileName, &v.Digest, &v.Media,
		&v.Size, &thumbnail, &v.TakenAt, &v.Latitude, &v.Longitude, &v.Note, &v.Recorder, &v.RecordedAt,
		&gone.Reason, &gone.By, &at, &used)
	v.Thumbnail, v.Used = thumbnail == 1, used == 1
	if at != nil {
		gone.At = *at
		v.Withdrawn = &gone
	}
	return v, err
}

// visible adds the conditions under which a scope sees evidence v: that of a subject it covers, and of an enterprise that is
// registered or sits there. It reports false when it sees none.
func visible(w *page.Where, s auth.Scope) bool {
	in := org.Around(s, "")
	if in.None() {
		return false
	}
	w.And("v.city = %s", in.City)
	if s.Enterprise != "" {
		w.And("e.id = %s OR j.enterprise = %s", s.Enterprise, s.Enterprise)
	}
	if in != auth.Whole(in.City) {
		from, to := in.Range()
		w.And(`(o.path >= %s AND o.path < %s) OR v.subject_kind = 'enterprise' AND EXISTS (SELECT 1 FROM tenancy st JOIN park sp ON sp.city = st.city AND sp.id = st.park
			JOIN org so ON so.city = sp.city AND so.id = sp.org WHERE st.city = v.city AND st.enterprise = v.subject AND so.path >= %s AND so.path < %s)`, from, to, from, to)
	}
	return true
}

// exists refuses a subject that the scope does not cover.
func exists(ctx context.Context, r db.Reader, s auth.Scope, ref subject.Ref) error {
	if ref.Kind == OfEnterprise {
		_, err := enterprise.Get(ctx, r, s, enterprise.ID(ref.ID))
		return err
	}
	_, err := subject.Get(ctx, r, s, ref)
	return err
}

// List gives all evidence of a subject in the order in which it came, withdrawn pieces included. Errors: NotFound
// "tenancy.not_found", "project.not_found", "enterprise.not_found" for a subject that the scope does not cover; Invalid
// "subject.bad_kind".
func List(ctx context.Context, r db.Reader, s auth.Scope, ref subject.Ref) ([]Evidence, error) {
	const op = "evidence.List"
	if err := exists(ctx, r, s, ref); err != nil {
		return nil, fault.Wrap(op, err)
	}
	var w page.Where
	w.And("v.city = %s AND v.subject_kind = %s AND v.subject = %s", s.City, ref.Kind, ref.ID)
	list, err := db.Collect(ctx, r, scan, `SELECT `+columns+tables+w.SQL()+` ORDER BY v.recorded_at, v.id LIMIT `+w.Arg(maxPerSubject), w.Args()...)
	return list, fault.Wrap(op, err)
}

// Get gives one piece of evidence. Error kind NotFound, key "evidence.not_found", also for one that the scope does not cover.
func Get(ctx context.Context, r db.Reader, s auth.Scope, id ID) (Evidence, error) {
	var w page.Where
	if page.Clean(id) != nil || !visible(&w, s) {
		return Evidence{}, fault.Wrap("evidence.Get", notFound(id))
	}
	w.And("v.id = %s", id)
	e, err := scan(r.QueryRow(ctx, `SELECT `+columns+tables+w.SQL(), w.Args()...))
	if err != nil && fault.KindOf(err) == fault.NotFound {
		err = notFound(id)
	}
	return e, fault.Wrap("evidence.Get", err)
}

func notFound(id ID) error { return fault.New(fault.NotFound, "evidence.not_found", "id", id) }

// Counts says how many pieces of evidence of each grade count for a stage of a subject. Errors as List.
func Counts(ctx context.Context, r db.Reader, s auth.Scope, ref subject.Ref, stage string) (permits, records, photos, statements int, err error) {
	const op = "evidence.Counts"
	if err := exists(ctx, r, s, ref); err != nil {
		return 0, 0, 0, 0, fault.Wrap(op, err)
	}
	if err := page.Clean(stage); err != nil {
		return 0, 0, 0, 0, fault.Wrap(op, err)
	}
	n := map[Grade]int{}
	err = db.Each(ctx, r, func(row db.Scanner) error {
		var g Grade
		var count int
		err := row.Scan(&g, &count)
		n[g] = count
		return err
	}, `SELECT grade, COUNT(*) FROM evidence WHERE city = $1 AND subject_kind = $2 AND subject = $3 AND stage = $4 AND withdrawn_at IS NULL
		GROUP BY grade ORDER BY grade`, s.City, ref.Kind, ref.ID, stage)
	return n[Permit], n[Record], n[Photo], n[Statement], fault.Wrap(op, err)
}
