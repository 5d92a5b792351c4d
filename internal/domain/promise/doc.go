// Package promise is what tenants and projects promised (承诺) and what became of it: investment, output, tax and jobs, in all
// or per mu or m², by year since a milestone, against what the enterprise files every month.
//
// A Promise stands in a contract or an entry review and is recorded with its source; a county's published rule is a line of a
// Pack (refdata/promises) and holds for every tenancy in its parks. Both are judged in one way: Ramp gives a row for each
// period with what was promised, what was filed, and whether it is met, on course, likely to be missed, missed, not yet due
// or not known. Nothing is guessed: a month that nobody filed makes a sum a lower bound, a missing milestone or land area
// leaves the promise unknown and says so.
//
// Where a tenancy's land is not stated it is the park's land by its share of the floor area (分摊用地). An enterprise's return of
// a month counts to one of its tenancies, by the rule tenancy.Home; of several projects of one enterprise none can be told
// apart by its returns.
//
//	pack.go   Pack, Line, Clock: rules as data     actual.go  what was filed
//	store.go  Promise, Record, Land                ramp.go    Ramp: promised against filed
//	land.go   LandOf                                breach.go  Breaches of a city
//
// It is not a target (domain/target): a promise is what somebody else undertook. Tables: promise, promise_land.
package promise
