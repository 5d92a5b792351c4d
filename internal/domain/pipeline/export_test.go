package pipeline

// What the package's tests look at beyond what it exports.
var (
	Median      = median
	DaysBetween = daysBetween
)
