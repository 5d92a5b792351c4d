package plausible

import (
	"math"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// unknown marks a logarithm that does not exist; it never leaves the package.
var unknown = math.NaN()

func known(x float64) bool { return x == x }

// groups is the tree of peers. Group 0 is everybody; a parent's number is below its children's.
type groups struct {
	o       Options
	label   []string
	parent  []int
	members [][]int32
	of      []int // entity → its narrowest group
}

// newGroups reads the tree from the entities. Error kind Invalid, key plausible.group_nesting, for a group with two
// different wider ones.
func newGroups(entities []*Entity, o Options) (groups, error) {
	g := groups{o: o, label: []string{""}, parent: []int{-1}, members: make([][]int32, 1), of: make([]int, len(entities))}
	number := map[string]int{}
	for i, e := range entities {
		at := 0
		g.members[0] = append(g.members[0], int32(i))
		for k := len(e.Groups) - 1; k >= 0; k-- {
			label := e.Groups[k]
			n, ok := number[label]
			if !ok {
				n = len(g.label)
				number[label] = n
				g.label, g.parent, g.members = append(g.label, label), append(g.parent, at), append(g.members, nil)
			}
			if g.parent[n] != at {
				return groups{}, fault.New(fault.Invalid, "plausible.group_nesting", "group", label, "entity", e.ID)
			}
			g.members[n] = append(g.members[n], int32(i))
			at = n
		}
		g.of[i] = at
	}
	return g, nil
}

// Large groups are read in part, every so many members by id: with 1,024 values a median is sure to 4 % of a spread
// (1.25/√n), with 8,192 a spread is sure to 1.3 % of itself (1.17/√n), which is far below what any threshold could tell.
const (
	sampleMembers = 1024
	sampleValues  = 8192
)

// sample is the step at which a group's members are read.
func sample(members, each, most int) int { return max(1, (members*each+most-1)/most) }

// centres is each group's median of what value gives for its members, shrunk to the wider group's; everybody's is shrunk
// to 0, so that a handful of series is not its own yardstick.
func (g *groups) centres(buffer []float64, value func(i int) float64) []float64 {
	out := make([]float64, len(g.label))
	for n, members := range g.members {
		x := buffer[:0]
		for k, step := 0, sample(len(members), 1, sampleMembers); k < len(members); k += step {
			if v := value(int(members[k])); known(v) {
				x = append(x, v)
			}
		}
		out[n] = g.shrunk(out, n, len(x), 0, func() float64 { return median(x) })
	}
	return out
}

// spreads is each group's spread around 0 of its members' values in the columns first, first+step, … of a table with the
// given width. Unknown values are left out.
func (g *groups) spreads(prior float64, values []float64, width, first, step int) []float64 {
	out := make([]float64, len(g.label))
	var x []float64
	for n, members := range g.members {
		x = x[:0]
		for k, every := 0, sample(len(members), (width+step-1)/step, sampleValues); k < len(members); k += every {
			row := values[int(members[k])*width : (int(members[k])+1)*width]
			for t := first; t < width; t += step {
				if known(row[t]) {
					x = append(x, row[t])
				}
			}
		}
		out[n] = max(g.o.SpreadFloor, g.shrunk(out, n, len(x), prior, func() float64 { return mad(x, 0) }))
	}
	return out
}

func (g *groups) shrunk(done []float64, group, n int, prior float64, own func() float64) float64 {
	wider := prior
	if group > 0 {
		wider = done[g.parent[group]]
		if n < g.o.MinGroup {
			return wider
		}
	}
	if n == 0 {
		return wider
	}
	return shrink(own(), n, wider, g.o.GroupWeight)
}
