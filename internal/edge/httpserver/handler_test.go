package httpserver

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func parts() Parts {
	return Parts{
		API: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v1/boom" {
				panic("boom")
			}
			w.WriteHeader(http.StatusTeapot)
		}),
		Plain: map[string]http.Handler{"GET /healthz": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })},
		Web: fstest.MapFS{
			"index.html": {Data: []byte("<page>")}, "assets/a.js": {Data: []byte("plain")}, "assets/a.js.gz": {Data: []byte("zipped")}, "favicon.svg": {Data: []byte("<svg/>")},
		},
		Logger: slog.New(slog.DiscardHandler), Now: time.Now,
	}
}

func TestHandler_routesBetweenPageAssetsAndAPI(t *testing.T) {
	h := Handler(parts())
	for _, c := range []struct {
		method, path, encoding string
		status                 int
		body, cache            string
	}{
		{"GET", "/", "", 200, "<page>", "no-cache"},
		{"GET", "/parks/P1?org=1", "", 200, "<page>", "no-cache"},
		{"GET", "/assets/a.js", "", 200, "plain", "immutable"},
		{"GET", "/assets/a.js", "br, gzip", 200, "zipped", "immutable"},
		{"GET", "/assets/a.js", "gzip;q=0", 200, "plain", "immutable"},
		{"GET", "/assets/none.js", "", 404, "", ""},
		{"GET", "/assets/", "", 404, "", ""},
		{"GET", "/favicon.svg", "", 200, "<svg/>", "no-cache"},
		{"GET", "/api/v1/x", "", 418, "", "no-store"},
		{"GET", "/healthz", "", 200, "ok", ""},
		{"POST", "/parks", "", 405, "", ""},
		{"GET", "/api/v1/boom", "", 500, `"key":"internal"`, ""},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		r.Header.Set("Accept-Encoding", c.encoding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) || !strings.Contains(w.Header().Get("Cache-Control"), c.cache) {
			t.Errorf("%s %s (%s) = %d %q cache %q, want %d %q %q", c.method, c.path, c.encoding, w.Code, w.Body, w.Header().Get("Cache-Control"), c.status, c.body, c.cache)
		}
		if got := w.Header().Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'self'") || strings.Contains(got, "script-src 'self' 'unsafe") {
			t.Errorf("%s: Content-Security-Policy = %q, want a strict one", c.path, got)
		}
	}
}

func TestHandler_refusesAForeignPageThatPosts(t *testing.T) {
	r := httptest.NewRequest("POST", "/api/v1/x", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	Handler(parts()).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("cross-site POST = %d, want 403", w.Code)
	}
}

func TestRun_endsInOrderWhenAsked(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, ln, Handler(parts())) }()
	res, err := http.Get("http://" + ln.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	stop()
	if err := <-done; err != nil {
		t.Errorf("Run = %v after an orderly stop, want nil", err)
	}
}
