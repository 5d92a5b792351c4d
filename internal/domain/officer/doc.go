// Package officer is who answers for a tenancy or a project (专员): an account of an office or an operator that covers it.
// Every appointment stays with its first day and its reason; the latest counts, and an empty name says that nobody does.
//
//	o, err := officer.Set(ctx, w, act, ref, officer.New{Username: "county.a", Since: day, Reason: "挂钩分工"})
//	all, err := officer.Latest(ctx, r, city) // ref → username, for whoever shows many subjects
//
// It grants nothing: what an officer may see is the account's role and place (platform/auth), and what an officer may do
// with a problem is domain/problem's.
package officer
