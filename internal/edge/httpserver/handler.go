package httpserver

import (
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"
)

// Observe is told of each answered request: the route's pattern (never the raw path), method, status and duration.
type Observe func(pattern, method string, status int, took time.Duration)

// Parts are what a Handler joins. API must answer everything below /api/; Plain are whole paths such as /healthz.
type Parts struct {
	API       http.Handler
	Plain     map[string]http.Handler
	CrossSite http.Handler // answers a change that another site's page asks for; nil: in plain words
	Web       fs.FS        // the built browser application: index.html and assets/
	Logger    *slog.Logger
	Observe   Observe
	Now       func() time.Time
	Secure    bool           // served behind TLS: send HSTS
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed
}

// Handler joins the parts into the server's one handler.
func Handler(p Parts) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", noStore(ownPagesOnly(p.CrossSite, p.API)))
	for path, h := range p.Plain {
		mux.Handle(path, h)
	}
	mux.Handle("/", webHandler(p.Web))
	return observe(p, securityHeaders(p.Secure, behindProxies(p.Proxies, mux)))
}

// contentSecurityPolicy allows only this host. Styles are inline because the component library sets CSS variables and the
// charts set tooltip positions that way; scripts never are.
const contentSecurityPolicy = "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func securityHeaders(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// observe is the outermost layer: it sees the status that was really sent, and it is the last to catch a panic.
func observe(p Parts, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := p.Now()
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if caught := recover(); caught != nil {
				if caught == http.ErrAbortHandler {
					panic(caught)
				}
				p.Logger.Error("request panicked", "panic", caught, "stack", string(debug.Stack()))
				if rec.status == 0 {
					problem500(rec)
				}
			}
			took := p.Now().Sub(began)
			status := max(rec.status, http.StatusOK)
			if p.Observe != nil {
				p.Observe(r.Pattern, r.Method, status, took)
			}
			p.Logger.Debug("request", "method", r.Method, "pattern", r.Pattern, "status", status, "took_ms", took.Milliseconds())
		}()
		next.ServeHTTP(rec, r)
	})
}

func problem500(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write([]byte(`{"type":"about:blank","title":"Internal Server Error","status":500,"key":"internal"}`)) // the client may be gone
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach flush and deadlines.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// webHandler serves the browser application from fsys.
func webHandler(fsys fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, "/")
		isAsset := strings.HasPrefix(name, "assets/")
		if name == "" || !isFile(fsys, name) {
			if isAsset || strings.HasPrefix(name, "api/") {
				http.NotFound(w, r)
				return
			}
			name = "index.html"
		}
		if isAsset {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		servePossiblyGzipped(w, r, fsys, name)
	})
}

func isFile(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && !info.IsDir()
}

func servePossiblyGzipped(w http.ResponseWriter, r *http.Request, fsys fs.FS, name string) {
	if t := contentType(name); t != "" {
		w.Header().Set("Content-Type", t)
	}
	if isFile(fsys, name+".gz") {
		w.Header().Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			w.Header().Set("Content-Encoding", "gzip")
			name += ".gz"
		}
	}
	http.ServeFileFS(w, r, fsys, name)
}

func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(name, "gzip") && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// contentType fixes the types that matter, because the system's table may be missing or wrong on an office server.
func contentType(name string) string {
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "html":
		return "text/html; charset=utf-8"
	case "js", "mjs":
		return "text/javascript; charset=utf-8"
	case "css":
		return "text/css; charset=utf-8"
	case "json", "map":
		return "application/json"
	case "svg":
		return "image/svg+xml"
	case "png":
		return "image/png"
	case "ico":
		return "image/x-icon"
	case "woff2":
		return "font/woff2"
	default:
		return ""
	}
}
