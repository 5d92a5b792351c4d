// Package enrolment is readiness for the statistics bureau's list of enterprises above scale (纳统准备).
//
// A Pack holds one province's rules with the day from which they hold: thresholds by sector, windows, materials. Assess says
// of one enterprise on one day by which path and in which window it can enter, what is missing, what to do by when, and by
// how many days the window will be missed. Every statement of a pack says whether it is established or assumed.
//
// It does not decide anything: only the statistics bureau's word makes an enterprise enrolled. It sets nobody a figure to
// reach, and an enterprise that moved inside the city is never new. What is not known is missing, not zero.
//
//	pack, err := enrolment.For("350582", today)
//	r := pack.Assess(enrolment.Case{Industry: "1952", Opened: 20240310, Revenue: months}, today)
//	r.Verdict, r.Window.Closes, r.Late
package enrolment
