package httpserver

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestBehindProxies_believesOnlyTrustedOnes(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct{ name, peer, header, want string }{
		{"a trusted proxy tells who asks", "10.1.1.1:99", "203.0.113.7", "203.0.113.7:0"},
		{"two trusted proxies in a row", "10.1.1.1:99", "203.0.113.7, 10.2.2.2", "203.0.113.7:0"},
		{"an address that the asker made up stands before the real one", "10.1.1.1:99", "1.2.3.4, 203.0.113.7", "203.0.113.7:0"},
		{"a stranger's header is not believed", "198.51.100.1:99", "203.0.113.7", "198.51.100.1:99"},
		{"no header", "10.1.1.1:99", "", "10.1.1.1:99"},
		{"nonsense", "10.1.1.1:99", "nobody", "10.1.1.1:99"},
		{"version 6", "[::1]:99", "2001:db8::5", "[2001:db8::5]:0"},
	} {
		var got string
		h := behindProxies(trusted, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.header != "" {
			r.Header.Set("X-Forwarded-For", c.header)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s: RemoteAddr = %s, want %s", c.name, got, c.want)
		}
	}
}
