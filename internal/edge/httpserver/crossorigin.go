package httpserver

import "net/http"

// ownPagesOnly refuses requests that would change something and come from another site's page, by what browsers say of the
// page (Sec-Fetch-Site, Origin). Scripts outside a browser say nothing of the kind and pass.
// refuse answers them.
func ownPagesOnly(refuse, next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	if refuse != nil {
		guard.SetDenyHandler(refuse)
	}
	return guard.Handler(next)
}
