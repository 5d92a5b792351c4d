// Package auth says who somebody is, what they may do and which rows they may see.
//
// Accounts live in app_user, browser sessions in session, API tokens in api_token; only digests of secrets are stored.
// A User is read anew on every request, so a changed role or a disabled account counts at once. What a user may do is
// the table in role.go (May); which rows they see is a Scope, and the zero Scope sees nothing: a query that forgot its
// scope gives no rows instead of all.
//
//	session, user, err := service.Login(ctx, "office.a", password, request.RemoteAddr)
//	user, err = service.Authenticate(ctx, session.Token)
//	if !user.May(auth.ParkEdit) || !user.Scope().Within(park.OrgPath) { … }
//
// Administration is split between three administrators (三员分立) so that nobody can both give themselves access and hide
// it: the system administrator creates and disables accounts, which start without role and place; the security
// administrator grants role and place, never to themselves; the audit administrator alone reads the trail. While no
// account is a security administrator the system administrator appoints the first one; that is the only role they can give.
//
// Every write appends to the audit trail in its transaction, a failed login as well. Only housekeeping does not: when a
// session was last seen, and the removal of expired ones.
//
// It is not a directory of people and does not speak single sign-on.
//
// The separation follows GB/T 22239-2019 (等保), clauses 8.1.5.1 to 8.1.5.3: system, audit and security management.
package auth
