// Package lifecycle is stage machines as data (生命周期): which stages a thing passes, which must come before which, which
// may run in parallel, what ends it, and what is demanded before a stage is entered.
//
// A Course is compiled once from a Plan. The truth is a list of events in the order in which they were recorded; Replay
// derives from it where the thing stands, and Next says of one more event whether it is allowed and why not. Nothing is
// stored here and nothing is ever taken away: a rollback is an event, too.
//
//	c, err := lifecycle.Compile(lifecycle.Plan{Code: "tenancy", Stages: []lifecycle.Stage{
//		{Code: "signed"},
//		{Code: "handed_over", After: []string{"signed"}},
//		{Code: "production", After: []string{"handed_over"}, Deemed: lifecycle.Deemed{Months: 6, From: "handed_over"}},
//		{Code: "cleared", End: true},
//	}})
//	s, err := c.Replay(events)
//	err = c.Next(s, lifecycle.Event{Act: lifecycle.Enter, Stage: "production", Day: 20240610}, values)
//
// A stage that nobody entered may be deemed: a rule takes the day from an earlier one. A deemed day is derived, never
// recorded as an event, and ends as soon as somebody enters the stage. Guards are rules of the product's expression
// language; a guard that is not known to hold does not let pass, and says what is missing.
//
// It knows no tenancy, project or evidence and no clock.
package lifecycle
