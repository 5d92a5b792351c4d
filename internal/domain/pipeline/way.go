package pipeline

import (
	"math/bits"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// way is a lifecycle with what is asked of it for every row, by rank: a stage's place in it.
type way struct {
	*lifecycle.Pack
	ranks map[string]int
	under [][]bool // under[i][j]: the i-th stage builds on the j-th
	needs []stages // without which the i-th is not entered
	final []bool   // nothing but an end builds on it
	deems bool     // it has rules that deem
}

// noWay is the way of a project whose lifecycle the library does not have: no stage is known.
var noWay = &way{Pack: &lifecycle.Pack{}, ranks: map[string]int{}}

func newWay(p *lifecycle.Pack) *way {
	n := len(p.Stages)
	w := &way{Pack: p, ranks: make(map[string]int, n), under: make([][]bool, n), needs: make([]stages, n), final: make([]bool, n)}
	for i, s := range p.Stages {
		w.ranks[s.Code], w.under[i], w.final[i] = i, make([]bool, n), true
	}
	for i, s := range p.Stages {
		w.deems = w.deems || s.Deemed != nil
		for _, code := range p.Course().BuildsOn(s.Code) {
			j := w.ranks[code]
			w.under[i][j] = true
			w.final[j] = w.final[j] && s.End
		}
		for _, code := range p.Course().Needs(s.Code) {
			w.needs[i].add(w.ranks[code])
		}
	}
	return w
}

// stages is a set of stages by rank; a lifecycle has at most a hundred.
type stages [2]uint64

func (s *stages) add(rank int) { s[rank/64] |= 1 << (rank % 64) }

func (s stages) has(rank int) bool { return s[rank/64]>>(rank%64)&1 == 1 }

func (s stages) empty() bool { return s == stages{} }

// holds says whether all of some stages are in the set.
func (s stages) holds(all stages) bool { return s[0]&all[0] == all[0] && s[1]&all[1] == all[1] }

// each calls f with every rank of the set.
func (s stages) each(f func(rank int)) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			f(64*i + bits.TrailingZeros64(word))
		}
	}
}

// entered gives the stages that a row had entered by a day, and the rank of the one in which it stood; -1 before the first.
func (w *way) entered(r *Row, asOf period.Date) (all stages, at int) {
	if asOf == 0 {
		return r.entered, r.rank
	}
	for i := range r.Marks {
		if m := &r.Marks[i]; m.by(asOf) && w.has(*m) {
			all.add(m.rank)
		}
	}
	if m := w.last(r.Marks, asOf); m != nil {
		return all, m.rank
	}
	return all, -1
}

// rank is a stage's place; the number of stages for one that the lifecycle does not have.
func (w *way) rank(stage string) int {
	if i, ok := w.ranks[stage]; ok {
		return i
	}
	return len(w.Stages)
}

func (w *way) has(m Mark) bool { return m.rank < len(w.Stages) }

// last finds the end that was entered by a day, else the furthest stage; nil before the first. Marks come by rank.
func (w *way) last(marks []Mark, asOf period.Date) (last *Mark) {
	for i := range marks {
		m := &marks[i]
		if m.by(asOf) && w.has(*m) && (last == nil || w.Stages[m.rank].End || !w.Stages[last.rank].End) {
			last = m
		}
	}
	return last
}
