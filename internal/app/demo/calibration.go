package demo

import "github.com/parkbrain/parkbrain/internal/kit/period"

// The published results of 2024 that the derived totals meet (city page of the programme, see refdata/cities/quanzhou):
// more than 21 million m², 43 parks of at least 1,000 mu, 1,200 enterprises in production, 439 enrolled (an interview says
// 440), more than 100 bn yuan of output.
const (
	calibratedYear = 2024

	floorAreaM2  = 21_030_000         // 2100多万平方米
	over1000Mu   = 43                 // 千亩以上园区
	commissioned = 1200               // 累计投产企业, at defaultEnterprises
	enrolled     = 439                // 已纳统企业, at defaultEnterprises
	outputFen    = 10_030_000_000_000 // 1000亿元以上

	defaultEnterprises = 2400
	defaultMonths      = 30
)

// What no source states is chosen so that the stated totals hold together; none of it is used as a published figure.
const (
	parksInUse       = 62 // by the end of 2024; the plan wanted at least 60
	settledPermille  = 840
	signedPermille   = 900
	latePermille     = 180 // come into production in the six months after the calibrated year
	relocatedPercent = 4
	secondPercent    = 3  // enterprises with a second tenancy
	clearedPermille  = 20 // of those handed over and not yet producing
	lettablePermille = 652
)

// completedByYear shares the floor area among the years in which it was completed: 3 million m² were built in 2022 and 7
// million were planned for 2024; the others are chosen.
var completedByYear = []struct {
	first, last int // years
	m2          int64
}{{2019, 2021, 5_000_000}, {2022, 2022, 3_000_000}, {2023, 2023, 6_030_000}, {2024, 2024, 7_000_000}}

// producedByYear shares the commissioned enterprises among the years, in permille.
var producedByYear = []struct {
	first, last int
	permille    int
}{{2020, 2021, 120}, {2022, 2022, 200}, {2023, 2023, 320}, {2024, 2024, 360}}

// Window is the run of months for which enterprises file: it always ends with the calibrated year when it is short, goes up
// to six months beyond it when it is longer than two years, and then further back.
func Window(months int) (first, last period.Month) {
	last = period.MonthOf(calibratedYear, 12) + period.Month(min(6, max(0, months-24)))
	return last - period.Month(months) + 1, last
}

// season is the share of a month in a year's output in permille; February is short because of the Spring Festival.
var season = [12]int64{80, 58, 84, 82, 84, 86, 83, 84, 87, 86, 89, 97}
