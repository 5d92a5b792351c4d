// Package target is what a city wants to reach in a year (目标) and what it published that it reached (result), side by side.
//
// A target is a number of one org, year and indicator, with the text that was stated, its source, and a curve (序时进度) that
// says how much of it should be there at the end of each month: "linear", or twelve cumulative shares. A published result
// is what a report said; it is kept to be compared with the reading that the ledger gives, and never replaces it.
//
// Pace and Attainment are whole-number arithmetic: canonical units in, canonical units or parts per million out.
//
// It is not an indicator (what is measured) and not a reading (how much it is). Targets are never part of what an entry
// screen loads: a scope of an enterprise sees none.
//
//	pace, err := t.Pace(target.Flow, period.MonthOf(2025, 6)) // half of a linear year
//	ppm, ok := target.Attainment(reading, t.Value)
//
//	target.go  Target, Curve, Pace, Attainment    store.go  List, Put
//
// Table: target.
package target
