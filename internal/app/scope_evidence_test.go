package app

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/evidence"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
	"github.com/parkbrain/parkbrain/internal/platform/blob/blobtest"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// placers see where and when a photo was taken.
var placers = []auth.Role{auth.CityOffice, auth.CountyOffice}

// proof is a piece of evidence of the town.
type proof struct {
	id   string
	kind string
	of   string // id of the subject
}

// proofs brings the same photo for every firm's tenancy and project, and a licence for the firm itself.
func (n *town) proofs() (out []proof) {
	n.t.Helper()
	shot, err := blob.Prepare(n.ctx, bytes.NewReader(blobtest.Quanzhou(binary.BigEndian).Photo(n.t, blobtest.Scene(1, 120, 90))))
	if err != nil {
		n.t.Fatal(err)
	}
	add := func(kind subject.Kind, id string, e evidence.New) {
		n.write(func(w db.Writer, act org.Act) error {
			added, err := evidence.Add(n.ctx, w, act, subject.Ref{Kind: kind, ID: id}, e)
			out = append(out, proof{added.ID, string(kind), id})
			return err
		})
	}
	for _, x := range presences {
		add(subject.Tenancy, n.tenancyOf(x.firm), evidence.New{Stage: "production", Grade: evidence.Photo, Title: "投产照片" + x.firm, FileName: "投产.jpg", File: shot})
		add(subject.Project, n.projectOf(x.firm), evidence.New{Stage: "production", Grade: evidence.Photo, Title: "投产照片" + x.firm, FileName: "投产.jpg", File: shot})
		add(evidence.OfEnterprise, n.firms[x.firm], evidence.New{Grade: evidence.Record, Title: "营业执照" + x.firm, Number: "1"})
	}
	return out
}

// formBody is a multipart body of fields, as a browser writes it, and the header that it needs.
func formBody(fields ...string) (body string, header map[string]string) {
	var b strings.Builder
	for i := 0; i+1 < len(fields); i += 2 {
		fmt.Fprintf(&b, "--cut\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", fields[i], fields[i+1])
	}
	return b.String() + "--cut--\r\n", map[string]string{"Content-Type": "multipart/form-data; boundary=cut"}
}

func (n *town) evidenceRules() map[string]routeRule {
	proofs := n.proofs()
	covers := func(x proof) func(p person) bool { return func(p person) bool { return n.coversRow(p, x.kind, x.of) } }
	visits := func(make func(x proof) visit) (out []visit) {
		for _, x := range proofs {
			v := make(x)
			v.covers = covers(x)
			if v.outside == "" {
				v.outside = "404 evidence.not_found"
			}
			out = append(out, v)
		}
		return out
	}
	pictures := func(make func(x proof) visit) []visit {
		return slices.DeleteFunc(visits(make), func(v visit) bool { return v.path == "" })
	}
	return map[string]routeRule{
		"list-evidence": {roles: readers, visits: append(visits(func(x proof) visit {
			return visit{path: "/subjects/" + x.kind + "/" + x.of + "/evidence", outside: "404 " + x.kind + ".not_found", check: n.ownEvidence}
		}), visit{path: "/subjects/project/none/evidence", status: 404, key: "project.not_found"})},
		"add-evidence": {roles: recorders, visits: visits(func(x proof) visit {
			body, header := formBody("grade", "statement", "title", "{who} {new}")
			return visit{path: "/subjects/" + x.kind + "/" + x.of + "/evidence", body: body, header: header, outside: "404 " + x.kind + ".not_found", status: 201, writes: true,
				before: func(person) { n.exec(`DELETE FROM evidence WHERE title LIKE '% %'`) }}
		})},
		"get-evidence-file": {roles: readers, visits: append(pictures(func(x proof) visit {
			if x.kind == "enterprise" {
				return visit{}
			}
			return visit{path: "/evidence/" + x.id + "/file", check: photoFor}
		}), visit{path: "/evidence/" + proofs[2].id + "/file", covers: covers(proofs[2]), outside: "404 evidence.not_found", status: 404, key: "evidence.no_file"})},
		"get-evidence-thumbnail": {roles: readers, visits: pictures(func(x proof) visit {
			if x.kind == "enterprise" {
				return visit{}
			}
			return visit{path: "/evidence/" + x.id + "/thumbnail", check: func(t *testing.T, p person, a httpAnswer) {
				if !strings.HasPrefix(a.text, "\xff\xd8\xff") || strings.Contains(a.text, "Exif") {
					t.Errorf("thumbnail as %s is no bare JPEG", p.name)
				}
			}}
		})},
		"withdraw-evidence": {roles: recorders, visits: visits(func(x proof) visit {
			return visit{path: "/evidence/" + x.id + "/withdraw", body: `{"reason":"{who}"}`, writes: true,
				before: func(person) {
					n.exec(`UPDATE evidence SET withdrawn_reason = NULL, withdrawn_by = NULL, withdrawn_at = NULL`)
				}}
		})},
		"get-evidence-twice": {roles: finders, visits: []visit{{path: "/evidence/twice", check: n.ownPairs}}},
	}
}

// photoFor checks that only those who may see where a photo was taken get what the camera wrote.
func photoFor(t *testing.T, p person, a httpAnswer) {
	if has, want := strings.Contains(a.text, "Exif"), p.may(placers); has != want || !strings.HasPrefix(a.text, "\xff\xd8\xff") || strings.Contains(a.text, "film") != want {
		t.Errorf("photo as %s holds the camera's block = %v, want %v", p.name, has, want)
	}
	if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") || !strings.Contains(got, "filename*=UTF-8''%E6%8A%95%E4%BA%A7.jpg") {
		t.Errorf("photo as %s: Content-Disposition = %q", p.name, got)
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("photo as %s: %v", p.name, a.header)
	}
}

// ownEvidence checks that place and time are told to nobody else, and that other uses are told within the person's rows only.
func (n *town) ownEvidence(t *testing.T, p person, a httpAnswer) {
	if len(a.items()) == 0 {
		t.Errorf("evidence as %s is empty", p.name)
	}
	for _, item := range a.items() {
		if item["grade"] == "photo" {
			if told, want := item["latitude"] != nil && item["longitude"] != nil && item["taken_at"] != nil, p.may(placers); told != want {
				t.Errorf("evidence as %s tells where it was taken = %v, want %v: %v", p.name, told, want, item)
			}
		}
		twice, _ := item["twice"].([]any)
		for _, use := range twice {
			use := use.(map[string]any)
			if !n.coversRow(p, fmt.Sprint(use["subject_kind"]), fmt.Sprint(use["subject"])) {
				t.Errorf("evidence as %s tells of the foreign %v", p.name, use)
			}
		}
	}
}

// ownPairs checks that both sides of every finding are the person's, and that those with several rows have findings.
func (n *town) ownPairs(t *testing.T, p person, a httpAnswer) {
	mine := 0
	for _, r := range n.rows {
		if (r.kind == "tenancy" || r.kind == "project") && p.covers(r.enterprise, r.paths...) {
			mine++
		}
	}
	if got := len(a.items()); got != max(0, mine-1) {
		t.Errorf("findings as %s are %d, want %d: each use after the first", p.name, got, max(0, mine-1))
	}
	for _, item := range a.items() {
		for _, side := range []string{"a", "b"} {
			s := item[side].(map[string]any)
			if !n.coversRow(p, fmt.Sprint(s["subject_kind"]), fmt.Sprint(s["subject"])) || s["org_name"] == "" {
				t.Errorf("findings as %s tell of the foreign or nameless %v", p.name, s)
			}
		}
		if item["owner"] != item["b"].(map[string]any)["org"] || item["resolve"] == "" || item["exact"] != true {
			t.Errorf("finding as %s = %v, want an owner and a way to settle it", p.name, item)
		}
	}
}
