package obs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

func TestNewLogger_formatsAndLevels(t *testing.T) {
	var b bytes.Buffer
	l, err := NewLogger(&b, LogOptions{Format: FormatJSON, Level: "warn"})
	if err != nil {
		t.Fatalf("NewLogger = %v", err)
	}
	l.Info("quiet")
	l.Warn("loud", "at", time.Date(2025, 6, 30, 8, 0, 0, 0, time.FixedZone("CST", 8*3600)))
	var got map[string]string
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || got["msg"] != "loud" || got["at"] != "2025-06-30T00:00:00Z" || !strings.HasSuffix(got["time"], "Z") {
		t.Errorf("log = %q, %v, want one JSON line in UTC", b.String(), err)
	}
	b.Reset()
	if l, err = NewLogger(&b, LogOptions{}); err != nil {
		t.Fatalf("NewLogger = %v", err)
	}
	l.Debug("quiet")
	l.Info("loud")
	if !strings.Contains(b.String(), "level=INFO msg=loud\n") || strings.Contains(b.String(), "quiet") {
		t.Errorf("log = %q, want the line at info alone, as text", b.String())
	}
}

func TestNewLogger_refuses(t *testing.T) {
	for want, o := range map[string]LogOptions{"obs.log_format": {Format: "xml"}, "obs.log_level": {Level: "loud"}} {
		if _, err := NewLogger(nil, o); !errors.Is(err, fault.New(fault.Invalid, want)) {
			t.Errorf("NewLogger(%+v) = %v, want %s", o, err, want)
		}
	}
}

func TestMetrics_showRequestsByRouteAndRegisteredValues(t *testing.T) {
	m := NewMetrics("1.2.3")
	m.Gauge("panel_rows", "Rows.", func() float64 { return 42 })
	m.Counter("db_retries_total", "Retries.", func() float64 { return 7 })
	m.Observe(Request{"GET", "/api/v1/parks/{id}", 200, 3 * time.Millisecond})
	m.Observe(Request{"BREW", "/api/v1/parks/{id}", 405, time.Millisecond})
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`parkbrain_http_request_seconds_bucket{method="GET",route="/api/v1/parks/{id}",status="200",le="0.0025"} 0`,
		`parkbrain_http_request_seconds_bucket{method="GET",route="/api/v1/parks/{id}",status="200",le="0.005"} 1`,
		`parkbrain_http_request_seconds_count{method="other",route="/api/v1/parks/{id}",status="405"} 1`,
		`parkbrain_panel_rows 42`, `parkbrain_db_retries_total 7`, `parkbrain_build_info{version="1.2.3"} 1`, `go_goroutines `,
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}

func TestHealth_saysWhichCheckFails(t *testing.T) {
	var h Health
	if results, ok := h.Check(context.Background()); !ok || len(results) != 0 {
		t.Errorf("Check of nothing = %v, %v, want well", results, ok)
	}
	h.Add("panel", func(context.Context) error { return errors.New("password=secret") })
	h.Add("database", func(ctx context.Context) error {
		if _, limited := ctx.Deadline(); !limited {
			return errors.New("no deadline")
		}
		return nil
	})
	h.Add("disk", func(context.Context) error { return fault.New(fault.Busy, "db.disk_full") })
	results, ok := h.Check(context.Background())
	var got []string
	for _, r := range results {
		got = append(got, r.Name+":"+r.Key)
	}
	if text := strings.Join(got, " "); ok || text != "database: disk:db.disk_full panel:internal" {
		t.Errorf("Check = %q, %v, want the failing ones with their keys", text, ok)
	}
}
