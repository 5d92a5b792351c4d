package api

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Evidence is what proves a stage. Where and when a photo was taken is null for those who may not see it.
type Evidence struct {
	ID              string        `json:"id"`
	Stage           string        `json:"stage" doc:"empty for none in particular"`
	Grade           string        `json:"grade" enum:"permit,record,photo,statement" doc:"best first"`
	Title           string        `json:"title"`
	Number          string        `json:"number"`
	Issued          string        `json:"issued"`
	Expires         string        `json:"expires"`
	FileName        string        `json:"file_name" doc:"empty without a file"`
	Media           string        `json:"media" doc:"by the file's bytes"`
	Size            int64         `json:"size" doc:"bytes"`
	Digest          string        `json:"digest" doc:"SHA-256 of the file as it came"`
	Thumbnail       bool          `json:"thumbnail"`
	TakenAt         *string       `json:"taken_at" doc:"by the camera's own clock; one that names no time zone is taken to keep Chinese time"`
	Latitude        *float64      `json:"latitude"`
	Longitude       *float64      `json:"longitude"`
	Note            string        `json:"note"`
	Recorder        string        `json:"recorder"`
	RecordedAt      string        `json:"recorded_at"`
	WithdrawnReason string        `json:"withdrawn_reason" doc:"empty while it counts"`
	WithdrawnBy     string        `json:"withdrawn_by"`
	WithdrawnAt     string        `json:"withdrawn_at"`
	Used            bool          `json:"used" doc:"an entry of a stage, or a paper for enrolment, rests on it: it cannot be withdrawn"`
	Twice           []EvidenceUse `json:"twice" doc:"other uses of the same photo or file that the caller may see"`
}

// EvidenceUse is another use of a photo or file.
type EvidenceUse struct {
	ID          string `json:"id"`
	SubjectKind string `json:"subject_kind" enum:"tenancy,project,enterprise"`
	Subject     string `json:"subject"`
	Name        string `json:"name" doc:"of the subject"`
	Stage       string `json:"stage"`
	Exact       bool   `json:"exact" doc:"the same bytes; else the pictures look alike"`
	Distance    int    `json:"distance" doc:"bits of the perceptual hashes that differ, of 64"`
}

// EvidenceSide is one of two pieces that show the same.
type EvidenceSide struct {
	ID          string `json:"id"`
	SubjectKind string `json:"subject_kind" enum:"tenancy,project,enterprise"`
	Subject     string `json:"subject"`
	Name        string `json:"name" doc:"of the subject"`
	Org         string `json:"org"`
	OrgName     string `json:"org_name"`
	OrgNameEN   string `json:"org_name_en"`
	Stage       string `json:"stage"`
	Grade       string `json:"grade" enum:"permit,record,photo,statement"`
	Title       string `json:"title"`
	FileName    string `json:"file_name"`
	Thumbnail   bool   `json:"thumbnail"`
	Recorder    string `json:"recorder"`
	RecordedAt  string `json:"recorded_at"`
	Used        bool   `json:"used" doc:"a stage rests on it"`
}

// EvidencePair is a finding: one photo or file that stands for two things.
type EvidencePair struct {
	A           EvidenceSide `json:"a" doc:"the earlier use"`
	B           EvidenceSide `json:"b" doc:"the later one"`
	Exact       bool         `json:"exact" doc:"the same bytes; else the pictures look alike"`
	Distance    int          `json:"distance" doc:"bits of the perceptual hashes that differ, of 64"`
	Owner       string       `json:"owner" doc:"the org that settles it: that of the later use"`
	OwnerName   string       `json:"owner_name"`
	OwnerNameEN string       `json:"owner_name_en"`
	Resolve     string       `json:"resolve" doc:"the way to settle it"`
}

// EvidencePairs are the findings, the latest first.
type EvidencePairs struct {
	Items []EvidencePair `json:"items"`
	More  int            `json:"more" doc:"how many further ones are not listed"`
}

// EvidencePath is the address of a piece of evidence.
type EvidencePath struct {
	ID string `path:"id" maxLength:"40"`
}

// EvidenceOf names what evidence is of: a subject of a lifecycle, or an enterprise.
type EvidenceOf struct {
	Kind string `path:"kind" enum:"tenancy,project,enterprise"`
	ID   string `path:"id" maxLength:"40"`
}

func (p EvidenceOf) ref() subject.Ref { return subject.Ref{Kind: subject.Kind(p.Kind), ID: p.ID} }

type evidenceUpload struct {
	EvidenceOf
	RawBody huma.MultipartFormFiles[struct {
		File    huma.FormFile `form:"file" required:"false" doc:"JPEG, PNG, WebP, PDF, .xlsx, .docx or .ofd, at most 20 MiB"`
		Stage   string        `form:"stage" required:"false" maxLength:"40"`
		Grade   string        `form:"grade" required:"false" maxLength:"20" doc:"permit, record, photo or statement"`
		Title   string        `form:"title" required:"false" maxLength:"200"`
		Number  string        `form:"number" required:"false" maxLength:"100"`
		Issued  string        `form:"issued" required:"false" maxLength:"10" doc:"2024-05-01, 2024-05 or 2024"`
		Expires string        `form:"expires" required:"false" maxLength:"10"`
		Note    string        `form:"note" required:"false" maxLength:"1000"`
	}]
}

type evidenceBody struct{ Body Evidence }

func (a *API) evidence() {
	register(a, operation{id: "list-evidence", method: http.MethodGet, path: "/subjects/{kind}/{id}/evidence", tag: "evidence", summary: "All evidence of a tenancy, project or enterprise, what was withdrawn included"}, a.listEvidence)
	register(a, operation{id: "add-evidence", method: http.MethodPost, path: "/subjects/{kind}/{id}/evidence", tag: "evidence", status: http.StatusCreated,
		first: a.bounded(blob.MaxSize+1<<20, auth.MilestoneEdit), summary: "Bring evidence: a permit, record, photo or statement, with a file where there is one"}, a.addEvidence)
	register(a, operation{id: "get-evidence-file", method: http.MethodGet, path: "/evidence/{id}/file", tag: "evidence",
		summary: "The file; a picture without where, when and with what it was taken for those who may not see that, other files always as they came"}, a.evidenceFile)
	register(a, operation{id: "get-evidence-thumbnail", method: http.MethodGet, path: "/evidence/{id}/thumbnail", tag: "evidence", summary: "A picture of at most 320 pixels, without what the camera wrote"}, a.evidenceThumbnail)
	register(a, operation{id: "withdraw-evidence", method: http.MethodPost, path: "/evidence/{id}/withdraw", tag: "evidence", summary: "Say that evidence counts no more; it stays in the history"}, a.withdrawEvidence)
	register(a, operation{id: "get-evidence-twice", method: http.MethodGet, path: "/evidence/twice", tag: "evidence", summary: "Photos and files that stand for two things, by their bytes or by their looks"}, a.evidenceTwice)
}

func (a *API) listEvidence(ctx context.Context, in *struct{ EvidenceOf }) (*struct{ Body listOf[Evidence] }, error) {
	out := listOf[Evidence]{Items: []Evidence{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		list, err := evidence.List(ctx, r, s, in.ref())
		if err != nil {
			return err
		}
		twice, err := evidence.TwiceOf(ctx, r, s, list)
		for _, e := range list {
			out.Items = append(out.Items, evidenceOf(e, twice[e.ID], caller(ctx).May(auth.EvidencePlace)))
		}
		return err
	})
	return &struct{ Body listOf[Evidence] }{out}, err
}

func (a *API) addEvidence(ctx context.Context, in *evidenceUpload) (*evidenceBody, error) {
	sent := in.RawBody.Data()
	n := evidence.New{Stage: sent.Stage, Grade: evidence.Grade(sent.Grade), Title: sent.Title, Number: sent.Number, Note: sent.Note}
	var err error
	if n.Issued, err = period.ParseDate(sent.Issued); err != nil {
		return nil, err
	}
	if n.Expires, err = period.ParseDate(sent.Expires); err != nil {
		return nil, err
	}
	if sent.File.IsSet {
		defer sent.File.Close()
		n.FileName = sent.File.Filename
		if n.File, err = blob.Prepare(ctx, sent.File); err != nil { // before the transaction, which it would hold up
			return nil, err
		}
	}
	out := &evidenceBody{}
	err = a.write(ctx, auth.MilestoneEdit, func(w db.Writer, act org.Act) error {
		e, err := evidence.Add(ctx, w, act, in.ref(), n)
		if err != nil {
			return err
		}
		out.Body, err = a.evidenceSeen(ctx, w.Reader, act.Scope, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// evidenceSeen is one piece as the caller may see it, with its other uses.
func (a *API) evidenceSeen(ctx context.Context, r db.Reader, s auth.Scope, e evidence.Evidence) (Evidence, error) {
	twice, err := evidence.TwiceOf(ctx, r, s, []evidence.Evidence{e})
	return evidenceOf(e, twice[e.ID], caller(ctx).May(auth.EvidencePlace)), err
}

func evidenceOf(e evidence.Evidence, twice []evidence.Pair, place bool) Evidence {
	out := Evidence{ID: e.ID, Stage: e.Stage, Grade: string(e.Grade), Title: e.Title, Number: e.Number, Issued: e.Issued.String(), Expires: e.Expires.String(),
		FileName: e.FileName, Media: e.Media, Size: e.Size, Digest: e.Digest, Thumbnail: e.Thumbnail, Note: e.Note, Recorder: e.Recorder, RecordedAt: microseconds(e.RecordedAt),
		Used: e.Used, Twice: []EvidenceUse{}}
	if place {
		if e.TakenAt != nil {
			at := microseconds(*e.TakenAt)
			out.TakenAt = &at
		}
		out.Latitude, out.Longitude = degrees(e.Latitude), degrees(e.Longitude)
	}
	if w := e.Withdrawn; w != nil {
		out.WithdrawnReason, out.WithdrawnBy, out.WithdrawnAt = w.Reason, w.By, microseconds(w.At)
	}
	for _, p := range twice {
		out.Twice = append(out.Twice, EvidenceUse{p.B.ID, string(p.B.Ref.Kind), p.B.Ref.ID, p.B.SubjectName, p.B.Stage, p.Exact, p.Distance})
	}
	return out
}

func microseconds(us int64) string { return instant(time.UnixMicro(us)) }

func degrees(millionths *int64) *float64 {
	if millionths == nil {
		return nil
	}
	d := float64(*millionths) / 1e6
	return &d
}

// evidenceFile hands a file out as an attachment. A picture is stripped for those who may not see where and when it was taken.
func (a *API) evidenceFile(ctx context.Context, in *struct{ EvidencePath }) (*download, error) {
	var e evidence.Evidence
	var content []byte
	err := a.read(ctx, func(r db.Reader, s auth.Scope) (err error) {
		if e, err = evidence.Get(ctx, r, s, in.ID); err != nil {
			return err
		}
		if e.Digest == "" {
			return fault.New(fault.NotFound, "evidence.no_file")
		}
		_, content, err = blob.Content(ctx, r, a.City, e.Digest)
		return err
	})
	if err == nil && !caller(ctx).May(auth.EvidencePlace) {
		content, err = blob.Strip(content, e.Media)
	}
	if err != nil {
		return nil, err
	}
	return &download{e.Media, attachment(e.FileName), content}, nil
}

// attachment says under which name a file is to be kept, RFC 6266 and 8187; the plain name is for programs that read no other.
func attachment(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
	escaped := strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	plain := "evidence"
	if end := path.Ext(name); len(end) <= 6 && url.QueryEscape(end) == end {
		plain += end
	}
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + escaped
}

func (a *API) evidenceThumbnail(ctx context.Context, in *struct{ EvidencePath }) (*download, error) {
	out := &download{Type: blob.JPEG, Disposition: "inline"}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		e, err := evidence.Get(ctx, r, s, in.ID)
		if err == nil {
			out.Body, err = blob.Thumbnail(ctx, r, a.City, e.Digest)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (a *API) withdrawEvidence(ctx context.Context, in *struct {
	EvidencePath
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}) (*evidenceBody, error) {
	out := &evidenceBody{}
	err := a.write(ctx, auth.MilestoneEdit, func(w db.Writer, act org.Act) error {
		e, err := evidence.Withdraw(ctx, w, act, in.ID, in.Body.Reason)
		out.Body = evidenceOf(e, nil, caller(ctx).May(auth.EvidencePlace))
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (a *API) evidenceTwice(ctx context.Context, _ *struct{}) (*struct{ Body EvidencePairs }, error) {
	if err := may(ctx, auth.FindingRead); err != nil {
		return nil, err
	}
	out := EvidencePairs{Items: []EvidencePair{}}
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		pairs, more, err := evidence.TwiceIn(ctx, r, s)
		if err != nil {
			return err
		}
		out.More = more
		orgs, err := org.All(ctx, r, a.City)
		named := map[org.ID]org.Org{}
		for _, o := range orgs {
			named[o.ID] = o
		}
		for _, p := range pairs {
			out.Items = append(out.Items, a.evidencePair(ctx, p, named))
		}
		return err
	})
	return &struct{ Body EvidencePairs }{out}, err
}

func (a *API) evidencePair(ctx context.Context, p evidence.Pair, orgs map[org.ID]org.Org) EvidencePair {
	key := "evidence.twice.alike"
	if p.Exact {
		key = "evidence.twice.same"
	}
	owner := orgs[p.B.Org]
	out := EvidencePair{A: evidenceSide(p.A, orgs), B: evidenceSide(p.B, orgs), Exact: p.Exact, Distance: p.Distance,
		Owner: string(p.B.Org), OwnerName: owner.NameZH, OwnerNameEN: owner.NameEN}
	out.Resolve, _ = a.Texts.Format(languageOf(ctx), key, nil)
	return out
}

func evidenceSide(e evidence.Evidence, orgs map[org.ID]org.Org) EvidenceSide {
	o := orgs[e.Org]
	return EvidenceSide{ID: e.ID, SubjectKind: string(e.Ref.Kind), Subject: e.Ref.ID, Name: e.SubjectName, Org: string(e.Org), OrgName: o.NameZH, OrgNameEN: o.NameEN,
		Stage: e.Stage, Grade: string(e.Grade), Title: e.Title, FileName: e.FileName, Thumbnail: e.Thumbnail, Recorder: e.Recorder, RecordedAt: microseconds(e.RecordedAt), Used: e.Used}
}
