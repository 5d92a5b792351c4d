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
	outputFen    = 10_030_000_000_000 // 1000亿元以上, likewise

	defaultEnterprises = 2400
	defaultMonths      = 30
)

// What no source states is chosen so that the stated totals hold together; none of it is used as a published figure.
const (
	settledPermille  = 840
	signedPermille   = 900
	latePermille     = 180 // come into production in the six months after the calibrated year
	relocatedPercent = 4
	secondPercent    = 3  // enterprises with a second tenancy
	clearedPermille  = 40 // of those handed over and not yet producing
	lettablePermille = 652
	fitOutMonths     = 3 // from the completion of a park's first phase to the first production in it, at least
)

// completedByYear shares floor area and openings among years: 3 million m² were built in 2022, 7 million were planned for
// 2024, and at least 60 parks were to be in use by its end; the rest is chosen.
var completedByYear = []struct {
	first, last int // years
	m2          int64
	opened      int // parks that came into use
}{{2019, 2021, 5_000_000, 16}, {2022, 2022, 3_000_000, 11}, {2023, 2023, 6_030_000, 15}, {2024, 2024, 7_000_000, 18}}

// openedAfter is how many more parks come into use in the half year after the calibrated one; the plan of that year wants
// 20 in all of it.
const openedAfter = 8

// producedByYear shares the commissioned enterprises among the years, in permille.
var producedByYear = []struct {
	first, last int
	permille    int64
}{{2020, 2021, 120}, {2022, 2022, 200}, {2023, 2023, 320}, {2024, 2024, 360}}

// floorPermille shares the floor area, and with it tenants and output, among the reporting units. No source states the
// shares; they follow what is known of the units' industry: Jinjiang is by far the largest. A unit that is not named
// gets otherPermille.
var floorPermille = map[string]int64{
	"350582": 310, "350583": 150, "350581": 110, "350521": 105, "350505": 60, "350524": 60, "qz-tic": 46, "350502": 45,
	"350504": 38, "350526": 29, "350503": 22, "350525": 20, "qz-edz": 5,
}

const otherPermille = 20

// The yearly output of an enterprise at full work, in fen. The line to the statistics is 20 million yuan a year.
const (
	million     = 100_000_000
	listedLeast = 24 * million // an enrolled enterprise makes this much and a share of what the others leave of the total
	smallFrom   = 2 * million
	smallTo     = 18 * million
	grownFrom   = 22 * million // enrolled after the calibrated year, or still to be
	grownTo     = 60 * million
)

// Window is the run of months for which enterprises file: it always ends with the calibrated year when it is short, goes up
// to six months beyond it when it is longer than two years, and then further back.
func Window(months int) (first, last period.Month) {
	last = period.MonthOf(calibratedYear, 12) + period.Month(min(6, max(0, months-24)))
	return last - period.Month(months) + 1, last
}

// season is the share of a month in a year's output in permille; February is short because of the Spring Festival.
var season = [12]int64{80, 58, 84, 82, 84, 86, 83, 84, 87, 86, 89, 97}
