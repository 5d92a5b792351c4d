package app

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/parkbrain/parkbrain/internal/edge/sheet"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestProblem_isSaidInTheCallersLanguage(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	session := n.cityOffice()
	for _, c := range []struct {
		path, language, detail string
	}{
		{"/parks/none", "", "找不到这个园区"},
		{"/parks/none", "zh-CN,zh;q=0.9", "找不到这个园区"},
		{"/parks/none", "en", "There is no such park, or you may not see it."},
		{"/parks/none", "en-US,en;q=0.8,zh;q=0.5", "There is no such park, or you may not see it."},
		{"/parks/none", "xx;;q=,", "找不到这个园区"},
		{"/nowhere", "en", "There is no such address: /api/v1/nowhere"},
		{"/nowhere", "", "没有这个接口地址：/api/v1/nowhere"},
		{"/readings?indicator=park.count&period=2024-13", "en", "2024-13"},
	} {
		a := n.ask(httpCall{method: "GET", path: c.path, session: session, header: map[string]string{"Accept-Language": c.language}})
		if detail, _ := a.body["detail"].(string); a.code < 400 || !strings.Contains(detail, c.detail) {
			t.Errorf("%s in %q = %d %q, want a problem that says %q", c.path, c.language, a.code, detail, c.detail)
		}
	}
	a := n.ask(httpCall{method: "GET", path: "/readings?indicator=nothing.such", session: session}).want(t, "unknown indicator", 404, "indicator.not_found")
	if args, _ := a.body["args"].(map[string]any); args["code"] != "nothing.such" {
		t.Errorf("args = %v, want the code", a.body["args"])
	}
}

func TestRequest_thatHasNotTheRightFormIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { newTown(t, d).refuseBadForms(t) })
}

func (n *town) refuseBadForms(t *testing.T) {
	session := n.cityOffice()
	mark := n.ledger()
	for _, c := range []struct {
		method, path string
		body         any
		status       int
		key, place   string
	}{
		{"GET", "/parks?colour=red", nil, 422, "request.invalid", "query.colour"},
		{"GET", "/readings?indicator=park.count&by=moon", nil, 422, "request.invalid", "query.by"},
		{"GET", "/readings", nil, 422, "request.invalid", "query.indicator"},
		{"GET", "/readings?indicator=park.count&period=soon", nil, 422, "period.invalid", ""},
		{"GET", "/readings?indicator=park.count&industry=zzz", nil, 422, "industry.invalid", ""},
		{"GET", "/readings/rows?indicator=park.count&cursor=x", nil, 422, "reading.bad_cursor", ""},
		{"GET", "/readings/rows?indicator=park.count&by=month&group=soon", nil, 422, "reading.bad_group", ""},
		{"GET", "/parks?limit=501", nil, 422, "request.invalid", "query.limit"},
		{"GET", "/parks?limit=0", nil, 422, "request.invalid", "query.limit"},
		{"GET", "/parks?cursor=%21%21", nil, 422, "cursor.invalid", ""},
		{"GET", "/imports?cursor=%21%21", nil, 422, "cursor.invalid", ""},
		{"GET", "/parks?q=%00", nil, 422, "text.invalid", ""},
		{"GET", "/parks?q=%zz", nil, 0, "", ""},
		{"GET", "/search?q=%c3%28", nil, 422, "text.invalid", ""},
		{"GET", "/enterprises?q=%ff%fe", nil, 422, "text.invalid", ""},
		{"GET", "/enterprises?stage=none", nil, 422, "tenancy.bad_stage", ""},
		{"GET", "/parks/%00", nil, 422, "text.invalid", ""},
		{"GET", "/enterprises/%ff", nil, 422, "text.invalid", ""},
		{"PUT", "/parks/x/figures/%00/choice", `{"figure":"x","reason":"x"}`, 422, "text.invalid", ""},
		{"DELETE", "/tokens/%00", nil, 422, "text.invalid", ""},
		{"PUT", "/parks/x/figures/land_area/choice", `{"figure":"\u0000","reason":"x"}`, 404, "park.not_found", ""},
		{"PUT", "/parks/{A1}/figures/land_area/choice", `{"figure":"\u0000","reason":"x"}`, 404, "figure.not_found", ""},
		{"PUT", "/parks/{A1}/figures/land_area/choice", `{"figure":"{land A1}","reason":"a\u0000b"}`, 422, "", ""},
		{"POST", "/parks/{A1}/figures", `{"field":"land_area","text":"1","nature":"declared","source":"a\u0000b"}`, 422, "", ""},
		{"PATCH", "/parks/{A1}", `{"mode":"a\u0000b"}`, 422, "", ""},
		{"POST", "/tokens", `{"name":"a\u0000b","days":1}`, 422, "auth.token_name", ""},
		{"GET", "/enterprises/%27%20OR%201=1--", nil, 404, "enterprise.not_found", ""},
		{"GET", "/search", nil, 422, "request.invalid", "query.q"},
		{"GET", "/orgs/350500", nil, 404, "request.no_route", ""},
		{"PUT", "/orgs", nil, 404, "request.no_route", ""},
		{"POST", "/session", "{", 400, "request.invalid", ""},
		{"POST", "/session", "", 400, "request.invalid", ""},
		{"POST", "/session", `{"username":"a","password":"b","role":"system_admin"}`, 422, "request.invalid", "body.role"},
		{"POST", "/session", `{"username":1,"password":[]}`, 422, "request.invalid", "body.username"},
		{"POST", "/session", `{"username":"` + strings.Repeat("x", 2<<20) + `"}`, 413, "request.too_large", ""},
		{"POST", "/imports/parks", `{"file":"x"}`, 0, "request.invalid", ""},
	} {
		q := httpCall{method: c.method, path: n.fill(c.path, person{}), session: session, body: c.body, header: map[string]string{"If-Match": n.fill("{version park A1}", person{})}}
		if text, ok := c.body.(string); ok {
			q.body = n.fill(text, person{})
		}
		a := n.ask(q)
		what := fmt.Sprintf("%s %.60s %.60v", c.method, c.path, c.body)
		if c.status == 0 && a.code >= 500 || c.status != 0 && a.code != c.status || c.key != "" && a.key() != c.key {
			t.Errorf("%s = %d %s, want %d %s: %.300s", what, a.code, a.key(), c.status, c.key, a.text)
		}
		places, _ := a.body["errors"].([]any)
		if c.place != "" && !slices.ContainsFunc(places, func(x any) bool { return x.(map[string]any)["location"] == c.place }) {
			t.Errorf("%s names the places %v, want %s", what, places, c.place)
		}
	}
	if n.ledger() != mark {
		t.Errorf("refused requests changed the ledger")
	}
}

// workbook writes rows as .xlsx after an edit.
func workbook(t *testing.T, rows [][]string, edit func(f *excelize.File)) string {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, "园区", slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	if edit == nil {
		return b.String()
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	edit(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// encrypted is the beginning of a workbook with a password: a compound file with a stream of that name ([MS-OFFCRYPTO] 2.3).
func encrypted() string {
	file := make([]byte, 512+128)
	copy(file, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	entry := file[512:]
	name := utf16.Encode([]rune("EncryptedPackage"))
	for i, u := range name {
		entry[2*i], entry[2*i+1] = byte(u), byte(u>>8)
	}
	entry[64], entry[66] = byte(2*len(name)+2), 2
	return string(file)
}

// TestImport_refusesBadFilesAndLosesNothing sends what offices send by mistake, and what nobody sends by mistake.
func TestImport_refusesBadFilesAndLosesNothing(t *testing.T) {
	const head = "园区名称,县(市、区),土地面积(亩)\n"
	wide := strings.TrimSuffix(head, "\n") + strings.Repeat(",x", 10_000) + "\n"
	list := [][]string{{"园区名称", "县(市、区)", "土地面积(亩)"}, {"新园", "晋江市", "100"}}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(head + "新园,晋江市,100\n")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ name, file, content, key string }{
		{"wrong encoding", "a.csv", head + "新园\xff\xff\xff,晋江市,1\n", "sheet.encoding"},
		{"missing columns", "a.csv", "名字,面积\n新园,1\n", "sheet.missing_columns"},
		{"nothing", "a.csv", "", "sheet.empty"},
		{"an encrypted workbook", "a.xlsx", encrypted(), "sheet.encrypted"},
		{"10,000 columns", "a.csv", wide + "新园,晋江市,1\n", "sheet.too_many_columns"},
		{"a broken workbook", "a.xlsx", workbook(t, list, nil)[:700], "sheet.damaged"},
		{"a web page", "a.xls", "<html><table><tr><td>园区名称</td></tr></table></html>", "sheet.other_format"},
		{"an open quotation mark", "a.csv", head + "\"新园,晋江市,1\n", "sheet.quote_open"},
		{"duplicate rows", "a.csv", head + "新园,晋江市,1\n新 园,晋江市,2\n", "! cell.duplicate_name"},
		{"not a number", "a.csv", head + "新园,晋江市,约100\n", "! cell.not_a_number"},
		{"an unknown county", "a.csv", head + "新园,月球,1\n好园,晋江市,1\n", "! cell.unknown_org"},
		{"a formula", "a.xlsx", workbook(t, list, func(f *excelize.File) {
			if err := f.SetCellFormula("园区", "C2", "50*2"); err != nil {
				t.Error(err)
			}
		}), "! cell.formula"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newTown(t, d)
		session := n.cityOffice()
		mark := n.ledger()
		for _, c := range cases {
			for _, query := range []string{"?dry_run=true", ""} {
				a := n.ask(httpCall{method: "POST", path: "/imports/parks" + query, session: session, name: c.file, file: c.content})
				key, inReport := strings.CutPrefix(c.key, "! ")
				if inReport {
					a.want(t, c.name, 200, "")
					problems, _ := a.body["errors"].([]any)
					if len(problems) == 0 || a.body["batch"] != "" {
						t.Errorf("%s: report %s, want problems and no batch", c.name, a.text)
						continue
					}
					first := problems[0].(map[string]any)
					if message, _ := first["message"].(string); first["key"] != key || !strings.HasPrefix(message, c.file) || strings.ContainsAny(message, "{}") || first["row"] == 0.0 {
						t.Errorf("%s: problem %v, want %s with a sentence that names the row", c.name, first, key)
					}
					continue
				}
				a.want(t, c.name, 422, key)
				if detail, _ := a.body["detail"].(string); !strings.Contains(detail, c.file) {
					t.Errorf("%s: detail %q does not name the file", c.name, detail)
				}
			}
		}
		if now := n.ledger(); now != mark {
			t.Errorf("refused files changed the ledger\nbefore:\n%safter:\n%s", mark, now)
		}
		if left := n.texts(`SELECT name FROM park WHERE name LIKE '%新%' ORDER BY name`, 1); len(left) > 0 {
			t.Errorf("parks of refused lists are there: %v", left)
		}
		for i, good := range []struct{ file, content string }{{"gb.csv", gb}, {"a.xlsx", workbook(t, list, nil)}} {
			a := n.ask(httpCall{method: "POST", path: "/imports/parks", session: session, name: good.file, file: good.content}).want(t, good.file, 200, "")
			if errors, _ := a.body["errors"].([]any); len(errors) > 0 || a.body["rows"] != 1.0 || i == 0 && a.body["new"] != 1.0 {
				t.Errorf("%s: %s, want one good row", good.file, a.text)
			}
		}
	})
}

// zeros is an upload's content that costs no memory.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestImport_refusesAFileThatIsTooLarge(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	t.Setenv("TMPDIR", t.TempDir())
	session := n.cityOffice()
	viewer := n.sessionFor(n.account("viewer", auth.Place{Role: auth.Viewer, Org: n.c.ref.ID}))
	server := httptest.NewServer(n.handler)
	defer server.Close()
	mark := n.ledger()
	send := func(session string, size int64) (int, string) {
		head := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"big.csv\"\r\n\r\n园区名称,县(市、区)\n"
		body := io.MultiReader(strings.NewReader(head), io.LimitReader(zeros{}, size), strings.NewReader("\r\n--x--\r\n"))
		r, err := http.NewRequestWithContext(n.ctx, "POST", server.URL+"/api/v1/imports/parks", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.AddCookie(&http.Cookie{Name: "parkbrain_session", Value: session})
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatalf("upload of %d MB = %v, want an answer", size>>20, err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(text)
	}
	for _, c := range []struct {
		mb     int64
		status int
		says   string
	}{{50, 422, "sheet.too_large"}, {200, 413, "request.too_large"}} { // 50 MB and the header: just over the limit of a file
		if status, text := send(session, c.mb<<20); status != c.status || !strings.Contains(text, c.says) || !strings.Contains(text, "detail") {
			t.Errorf("upload of %d MB = %d %s, want %d %s", c.mb, status, text, c.status, c.says)
		}
	}
	if status, text := send(viewer, 1<<20); status != 403 || !strings.Contains(text, "auth.denied") {
		t.Errorf("upload by a viewer = %d %s, want 403", status, text)
	}
	if n.ledger() != mark {
		t.Errorf("refused uploads changed the ledger")
	}
}

// TestPlain_routesOfOperators answers without a session and says nothing of the ledger.
func TestPlain_routesOfOperators(t *testing.T) {
	n := newTown(t, dbtest.Open(t, db.SQLite))
	for path, want := range map[string]string{"/healthz": `"status":"ok"`, "/readyz": `"database":"ok"`, "/metrics": "panel_loads_total", "/api/v1/openapi.yaml": "openapi: 3.1"} {
		w := httptest.NewRecorder()
		n.handler.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("GET %s = %d %.200s, want %s", path, w.Code, w.Body, want)
		}
		if strings.Contains(w.Body.String(), "园区A1") || strings.Contains(w.Body.String(), n.parks["A1"]) {
			t.Errorf("GET %s tells rows of the ledger", path)
		}
	}
}
