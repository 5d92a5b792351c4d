// Package subject is what passes a lifecycle: a tenancy or a project, named in one way by everything that is kept of both:
// milestones, evidence, promises, officers, problems.
//
//	head, err := subject.Get(ctx, r, scope, subject.Ref{Kind: subject.Tenancy, ID: id})
//	head.OrgPath // who answers for it
//
// It keeps nothing and changes nothing: see domain/tenancy and domain/project for the things themselves, domain/milestone for
// their way.
package subject
