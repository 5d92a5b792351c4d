// Package httpserver is the outer skin of the HTTP side: it routes between the API and the browser application, sets the
// security headers, turns panics into problem documents, logs and measures each request, and runs and drains the server.
//
// It knows no noun and no route of the API; those are edge/api. Rules for the browser application: hashed assets are
// immutable, the page itself is never cached, an unknown path outside /api and /assets gives the page (so that a link
// into the application can be sent), an unknown asset or API path gives 404.
package httpserver
