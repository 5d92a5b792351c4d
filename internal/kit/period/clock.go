package period

import "time"

// Zone is where days begin and end: the whole country has one time zone.
var Zone = time.FixedZone("UTC+8", 8*60*60)

// DayOf is the day on which an instant falls.
func DayOf(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return DateOf(y, int(m), d)
}

// Over is the instant at which a day is over, the first of the next one. The day must be known.
func (d Date) Over() time.Time {
	return time.Date(d.Year(), time.Month(int(d)/100%100), int(d)%100+1, 0, 0, 0, 0, Zone)
}
