// Package lifecycle is the ways that tenancies and projects go (生命周期), as packs of data: stages with names, what comes after
// what, what may run in parallel or be left out, what is demanded before a stage and what counts as entered by a rule.
//
// A Pack is one lifecycle as it holds from a day on. The product ships some; a city may have its own versions. Every stage and
// every deemed day says whether a published source establishes it or we assume it. The machine itself is engine/lifecycle:
// Pack.Course gives it. Check looks at dated milestones that somebody else recorded, and reports what cannot be without
// changing or leaving out anything.
//
//	lib, err := lifecycle.Shipped()
//	p, err := lib.For("tenancy", today)
//	err = p.Course().Next(standing, event, p.Values(map[string]rule.Value{"permits": rule.Whole(1)}))
//	findings := p.Check(row, map[string]period.Date{"signed": 20240301, "handed_over": 20240115})
//
//	lifecycle.go  Pack, Library    load.go  Parse, LoadFrom    history.go  Check    store.go  Load, Put: a city's versions
//
// A city's version goes before every shipped one from its day on. It keeps the stages of what was in force, because entries are
// told by them; that of tenancies has exactly the shipped ones, because counts are made of them.
//
// Entries of stages, evidence and promises belong to other nouns (domain/milestone takes steps), and so does who may enter one.
// Table: pack_version, its rows of kind lifecycle.
package lifecycle
