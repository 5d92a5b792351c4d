package httpserver

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// behindProxies puts the address of the person who asks into RemoteAddr when the connection comes from a trusted proxy: the
// last address of X-Forwarded-For that no trusted proxy wrote about itself. Anybody else's header is not believed, since
// whoever writes it could choose the address. The request is changed in place: the layers outside read what the router
// notes in it.
func behindProxies(trusted []netip.Prefix, next http.Handler) http.Handler {
	if len(trusted) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from, ok := forwarded(trusted, r); ok {
			r.RemoteAddr = net.JoinHostPort(from.String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}

func forwarded(trusted []netip.Prefix, r *http.Request) (from netip.Addr, ok bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !within(trusted, peer.Addr()) {
		return from, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		addr, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return from, ok // what stands before a hop that cannot be read is not known
		}
		from, ok = addr.Unmap(), true
		if !within(trusted, from) {
			return from, true
		}
	}
	return from, ok
}

func within(networks []netip.Prefix, addr netip.Addr) bool {
	addr = addr.Unmap()
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(addr) })
}
