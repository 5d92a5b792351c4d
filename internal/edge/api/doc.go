// Package api speaks HTTP for people's browsers and offices' scripts: typed operations below /api/v1, described by
// openapi.yaml, which is generated from them and committed.
//
// One file per noun. The shapes that go over the wire are declared here; domain types carry no tags. Every operation but
// login needs a caller (a session cookie or a bearer token); what the caller may do is asked of auth.User.May, which rows
// are seen is decided by the scope that every noun's function takes. Errors are problem documents with the fault's message
// key and arguments and a sentence in the caller's language.
package api
