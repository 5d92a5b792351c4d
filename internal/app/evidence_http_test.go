package app

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/blob"
	"github.com/parkbrain/parkbrain/internal/platform/blob/blobtest"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// bringing is a county's office that brings evidence for a firm's tenancy.
type bringing struct {
	*town
	session, path string
}

func newBringing(t *testing.T, d *db.DB) bringing {
	n := newTown(t, d)
	return bringing{n, n.sessionFor(n.account("county.b", auth.Place{Role: auth.CountyOffice, Org: countyB})), "/subjects/tenancy/" + n.tenancyOf("EB1") + "/evidence"}
}

// bring sends a file with fields, as a browser does; an empty name sends none.
func (b bringing) bring(path, name, file string, fields ...string) httpAnswer {
	b.t.Helper()
	body, header := formBody(fields...)
	if name != "" {
		body = fmt.Sprintf("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=%q\r\nContent-Type: application/octet-stream\r\n\r\n%s\r\n", name, file) + body
	}
	return b.ask(httpCall{method: "POST", path: path, session: b.session, body: body, header: header})
}

func (b bringing) get(session, path string) httpAnswer {
	b.t.Helper()
	return b.ask(httpCall{method: "GET", path: path, session: session})
}

func TestEvidence_fromTheUploadToTheWithdrawal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBringing(t, d)
		camera := string(blobtest.Quanzhou(binary.LittleEndian).Photo(t, blobtest.Scene(7, 900, 600)))
		a := b.bring(b.path, `投产 "现场".html`, camera, "stage", "production", "grade", "photo", "title", "投产现场", "note", "一号线").want(t, "bring a photo", 201, "")
		id := fmt.Sprint(a.body["id"])
		if a.body["media"] != "image/jpeg" || a.body["thumbnail"] != true || a.body["taken_at"] != "2024-05-01T01:30:00Z" || a.body["latitude"] != 24.874633 || a.body["longitude"] != 118.676 ||
			a.body["recorder"] != "county.b" || a.body["used"] != false || a.body["size"] != float64(len(camera)) || fmt.Sprint(a.body["twice"]) != "[]" {
			t.Errorf("brought = %s", a.text)
		}
		file := b.get(b.session, "/evidence/"+id+"/file").want(t, "file", 200, "")
		kind, params, err := mime.ParseMediaType(file.header.Get("Content-Disposition"))
		if file.text != camera || err != nil || kind != "attachment" || params["filename"] != "投产 -现场-.html.jpg" {
			t.Errorf("file = %d bytes named %q %q, %v, want the photo as it came, as a picture", len(file.text), kind, params["filename"], err)
		}
		viewer := b.sessionFor(b.account("viewer.b", auth.Place{Role: auth.Viewer, Org: countyB}))
		bare := b.get(viewer, "/evidence/"+id+"/file").want(t, "file as a viewer", 200, "")
		again, err := blob.Prepare(t.Context(), strings.NewReader(bare.text))
		if err != nil || again.Facts != (blob.Facts{}) || bytes.Contains([]byte(bare.text), []byte("24.87")) {
			t.Errorf("file as a viewer says %+v, %v, want a picture that says nothing", again, err)
		}
		small := b.get(viewer, "/evidence/"+id+"/thumbnail").want(t, "thumbnail", 200, "")
		if len(small.text) > 40_000 || small.header.Get("Content-Type") != "image/jpeg" || small.header.Get("Content-Disposition") != "inline" || small.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("thumbnail = %d bytes, %v", len(small.text), small.header)
		}
		b.bring(b.path, "again.jpg", camera, "stage", "production", "grade", "photo", "title", "又一张").want(t, "the same photo again", 409, "evidence.twice_here")
		a = b.bring(b.path, "saved.jpg", string(blobtest.Resaved(t, blobtest.Scene(7, 900, 600), 0.5, 6, 60)), "stage", "trial", "grade", "photo", "title", "试产现场").want(t, "saved anew", 201, "")
		twice, _ := a.body["twice"].([]any)
		if len(twice) != 1 || twice[0].(map[string]any)["id"] != id || twice[0].(map[string]any)["exact"] != false || twice[0].(map[string]any)["stage"] != "production" {
			t.Errorf("the same photo saved anew: twice = %v, want the first", twice)
		}
		pairs := b.get(b.session, "/evidence/twice").want(t, "findings", 200, "").items()
		found := b.get(b.session, "/findings?check=reused").want(t, "the pair among all findings", 200, "").items()
		if len(found) != 1 || found[0]["check"] != "reused" || found[0]["message"] == "" || found[0]["resolve"] == "" || found[0]["owner_name"] == "" || len(found[0]["evidence"].([]any)) != 2 {
			t.Errorf("findings of reused photos = %v, want the pair with its two rows", found)
		}
		if len(pairs) != 1 || pairs[0]["owner"] != countyB || !strings.Contains(fmt.Sprint(pairs[0]["resolve"]), "撤回") {
			t.Errorf("findings = %v, want one of county B", pairs)
		}
		withdraw := func(body string) httpAnswer {
			return b.ask(httpCall{method: "POST", path: "/evidence/" + id + "/withdraw", session: b.session, body: body})
		}
		withdraw(`{"reason":" "}`).want(t, "without a reason", 422, "evidence.no_reason")
		if a := withdraw(`{"reason":"拍错了"}`).want(t, "withdraw", 200, ""); a.body["withdrawn_reason"] != "拍错了" || a.body["withdrawn_by"] != "county.b" || a.body["withdrawn_at"] != "2025-07-01T01:00:00Z" {
			t.Errorf("withdrawn = %s", a.text)
		}
		withdraw(`{"reason":"x"}`).want(t, "withdraw again", 412, "evidence.withdrawn")
		if list := b.get(b.session, b.path).want(t, "list", 200, "").items(); len(list) != 2 || list[0]["id"] != id || list[0]["withdrawn_reason"] != "拍错了" || fmt.Sprint(list[1]["twice"]) != "[]" {
			t.Errorf("list = %v, want both, the first withdrawn, no doubt left", list)
		}
	})
}

func TestEvidence_whatIsRefusedSaysWhy(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	b := newBringing(t, d)
	before := b.ledger()
	for _, x := range []struct {
		name, file string
		fields     []string
		status     int
		key        string
	}{
		{"a.jpg", "<html>", []string{"grade", "photo", "title", "x"}, 422, "blob.bad_type"},
		{"a.pdf", "%PDF-1.7", []string{"grade", "photo", "title", "x"}, 422, "evidence.no_picture"},
		{"a.jpg", "\xff\xd8\xff\xe0", []string{"grade", "photo", "title", "x"}, 422, "blob.damaged"},
		{"a.pdf", "", []string{"grade", "record", "title", "x"}, 422, "blob.empty"},
		{"a.pdf", strings.Repeat("x", blob.MaxSize+1), []string{"grade", "record", "title", "x"}, 422, "blob.too_large"},
		{"a.pdf", strings.Repeat("x", blob.MaxSize+2<<20), []string{"grade", "record", "title", "x"}, 413, "request.too_large"},
		{"", "", []string{"grade", "permit", "title", "x"}, 422, "evidence.no_number"},
		{"", "", []string{"grade", "wish", "title", "x"}, 422, "evidence.bad_grade"},
		{"", "", []string{"grade", "permit", "number", "1"}, 422, "evidence.no_title"},
		{"", "", []string{"grade", "permit", "number", "1", "title", "x", "issued", "May"}, 422, "date.invalid"},
		{"", "", []string{"grade", "permit", "number", "1", "title", "x", "stage", "started"}, 422, "tenancy.bad_stage"},
		{"", "", nil, 422, ""},
	} {
		b.bring(b.path, x.name, x.file, x.fields...).want(t, fmt.Sprintf("%s of %d bytes, %v", x.name, len(x.file), x.fields), x.status, x.key)
	}
	if after := b.ledger(); after != before {
		t.Errorf("refused evidence changed the ledger:\n%s", after)
	}
	if rows := b.texts(`SELECT digest FROM blob`, 1); len(rows) != 0 {
		t.Errorf("refused files stay: %v", rows)
	}
}
