package api

import "github.com/parkbrain/parkbrain/internal/domain/subject"

// SubjectPath names a tenancy or a project in an address.
type SubjectPath struct {
	Kind string `path:"kind" enum:"tenancy,project"`
	ID   string `path:"id" maxLength:"40"`
}

func (p SubjectPath) ref() subject.Ref { return subject.Ref{Kind: subject.Kind(p.Kind), ID: p.ID} }
