package plausible

import "github.com/parkbrain/parkbrain/internal/kit/fault"

// Options are the thresholds. Default gives all of them with their reasons; change one by one. "Tuned" means chosen on the
// back-test's tuning seeds, which are not those of its test.
type Options struct {
	JumpK        float64 // spreads from own past where last year's month agrees
	JumpAloneK   float64 // … where last year's month is unknown
	JumpYearK    float64 // spreads from last year's month that count as agreement
	JumpFactor   float64 // smaller factors are never reported, however smooth the series
	SlipK        float64 // spreads that a mistaken unit must lie away
	SlipFactors  []float64
	RatioK       float64 // spreads of a ratio from its own course
	RatioFactor  float64
	RatioMonths  int     // months in a row that a ratio must be off
	PeersK       float64 // spreads of a ratio from the peers' median
	PeersFactor  float64 // smaller factors are never reported
	CopyChance   float64 // a copy is reported if as many equal values would happen by chance less often than this
	HeapChance   float64 // the same for last digits
	NeedShare    float64 // Then below this share of what the ratio to If lets expect counts as none
	IdleShare    float64 // Then above this share of its usual level does not go with If = 0
	SumShare     float64 // running totals may differ from their months by this share: rounding, small corrections
	TargetSteps  int64   // a target of fewer steps is met by chance
	OriginMany   int     // entities that one origin must serve
	TwinChance   float64 // the chance of any two entities in the whole input being equal by accident
	MinGroup     int     // a smaller group only borrows
	GroupWeight  float64 // the wider group counts as much as this many members
	OwnWeight    float64 // the group's spread counts as much as this many own months
	MinHistory   int     // earlier months without which own past says nothing
	SpreadFloor  float64 // no series is smoother than this
	SpreadPrior  float64 // spread of a log ratio where nobody can tell
	BenfordCount int     // entities of a group below which first digits are not looked at
}

// Default is the thresholds as back-tested.
func Default() Options {
	return Options{
		// 3.5 robust spreads is the customary cut-off of modified z-scores (Iglewicz & Hoaglin 1993). Returns have heavier tails
		// than it assumes: at 3.5 two of three jumps reported in the back-test were honest. Tuned, with the agreement of last
		// year's month and without it.
		JumpK: 4.5, JumpAloneK: 6, JumpYearK: 2.5,
		// A doubling is what an office would ask about; less is the daily bread of small firms.
		JumpFactor: 2,
		// Adjacent decimal slips (10, 100), 千元 and 元 against 万元 (10, 10,000), kWh against 万千瓦时 (10,000).
		// Six, because a tenfold value of a lumpy field (spread 0.4 and more) is no mistake to be sure of: tuned.
		SlipK: 6, SlipFactors: []float64{10, 100, 1000, 10_000},
		RatioK: 4.5, RatioFactor: 1.5, RatioMonths: 3, // tuned; one month alone is the business of Jump
		PeersK: 4.5, PeersFactor: 4, // firms of one industry differ honestly by factors: tuned
		// One in 10,000 per entity and month: 20,000 entities raise two false alarms a month.
		CopyChance: 1e-4,
		// One in a million per entity and field: 80,000 series raise 0.1 false alarms.
		HeapChance: 1e-6,
		NeedShare:  0.02, // lamps and an office use more
		IdleShare:  0.5,  // base load of an idle works stays below half of its usual use: tuned
		SumShare:   0.005,
		// With 200 steps and a spread of 0.2 an honest value meets a given number once in 100 times.
		TargetSteps: 200,
		OriginMany:  5,
		TwinChance:  1e-3,
		// Below 8 a median deviation is itself off by half (relative error about 1.17/√(2n), Rousseeuw & Croux 1993).
		MinGroup: 8, GroupWeight: 20, OwnWeight: 12, MinHistory: 3,
		SpreadFloor: 0.05, // the A of Hidiroglou & Berthelot 1986
		SpreadPrior: 0.3,
		// With 1,000 entities the mean absolute deviation of honest first digits is about 0.006, well below 0.015.
		BenfordCount: 1000,
	}
}

// check refuses thresholds that would report everything or nothing by accident. Error kind Invalid, key plausible.option.
func (o Options) check() error {
	positive := []struct {
		name string
		v    float64
	}{
		{"JumpK", o.JumpK}, {"JumpAloneK", o.JumpAloneK}, {"JumpYearK", o.JumpYearK}, {"JumpFactor", o.JumpFactor - 1}, {"SlipK", o.SlipK},
		{"RatioK", o.RatioK}, {"RatioFactor", o.RatioFactor - 1}, {"RatioMonths", float64(o.RatioMonths)}, {"PeersK", o.PeersK},
		{"PeersFactor", o.PeersFactor - 1}, {"CopyChance", o.CopyChance}, {"HeapChance", o.HeapChance}, {"NeedShare", o.NeedShare},
		{"IdleShare", o.IdleShare}, {"SumShare", o.SumShare}, {"TargetSteps", float64(o.TargetSteps)}, {"OriginMany", float64(o.OriginMany - 1)},
		{"TwinChance", o.TwinChance}, {"MinGroup", float64(o.MinGroup)}, {"GroupWeight", o.GroupWeight}, {"OwnWeight", o.OwnWeight},
		{"MinHistory", float64(o.MinHistory)}, {"SpreadFloor", o.SpreadFloor}, {"SpreadPrior", o.SpreadPrior}, {"BenfordCount", float64(o.BenfordCount)},
	}
	for _, p := range positive {
		if !(p.v > 0) || p.v > 1e15 { // NaN fails too
			return fault.New(fault.Invalid, "plausible.option", "name", p.name)
		}
	}
	for _, f := range o.SlipFactors {
		if !(f > 1) || f > 1e15 {
			return fault.New(fault.Invalid, "plausible.option", "name", "SlipFactors")
		}
	}
	return nil
}
