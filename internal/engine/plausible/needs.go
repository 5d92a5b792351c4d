package plausible

import "math"

// needs looks for production without what production needs, and for the need without production. Months in a row are one
// finding.
func (fr *frame) needs() (found []Finding) {
	for _, n := range fr.in.Needs {
		f, g := fr.in.field(n.If), fr.in.field(n.Then)
		ratio := fr.levels(f, g)
		for i := range fr.entities {
			found = append(found, fr.needsOf(i, f, g, ratio)...)
		}
	}
	return found
}

// levels is the usual ln(Then/If) of each entity, borrowed from the group where its own months are few or none.
func (fr *frame) levels(f, g int) []float64 {
	own := make([]float64, len(fr.entities))
	count := make([]int, len(fr.entities))
	x := make([]float64, 0, fr.in.Months)
	for i, e := range fr.entities {
		x = x[:0]
		for t := range fr.in.Months {
			if a, b := e.Values[f][t], e.Values[g][t]; a.Known && b.Known && a.V > 0 && b.V > 0 {
				x = append(x, math.Log(float64(b.V)/float64(a.V)))
			}
		}
		own[i], count[i] = unknown, len(x)
		if len(x) > 0 {
			own[i] = median(x)
		}
	}
	group := fr.groups.levels(own)
	for i := range own {
		wider := group[fr.groups.of[i]]
		if !known(own[i]) || !known(wider) {
			own[i] = wider
			continue
		}
		own[i] = shrink(own[i], count[i], wider, fr.o.OwnWeight)
	}
	return own
}

// levels is each group's median of a value per member; unknown below MinGroup where there is no wider group that has one.
func (g *groups) levels(value []float64) []float64 {
	out := make([]float64, len(g.label))
	for n, members := range g.members {
		var x []float64
		for _, i := range members {
			if known(value[i]) {
				x = append(x, value[i])
			}
		}
		wider := unknown
		if n > 0 {
			wider = out[g.parent[n]]
		}
		switch {
		case len(x) < g.o.MinGroup:
			out[n] = wider
		case !known(wider):
			out[n] = median(x)
		default:
			out[n] = shrink(median(x), len(x), wider, g.o.GroupWeight)
		}
	}
	return out
}

func (fr *frame) needsOf(i, f, g int, ratio []float64) (found []Finding) {
	idle, busy := fr.idleLevel(i, f, g)
	open := -1
	for t := range fr.in.Months {
		a, b := fr.entities[i].Values[f][t], fr.entities[i].Values[g][t]
		if !a.Known || !b.Known {
			open = -1
			continue
		}
		key, expected := "", 0.0
		switch {
		case a.V > 0 && b.V >= 0 && fr.none(i, g, b.V, float64(a.V), ratio[i]):
			key, expected = "finding.plausible.need_missing", exp(math.Log(float64(a.V))+ratio[i])
		case a.V == 0 && busy && float64(b.V) >= fr.o.IdleShare*idle:
			key, expected = "finding.plausible.need_idle", fr.o.IdleShare*idle
		}
		switch {
		case key == "":
			open = -1
		case open >= 0 && found[open].Key == key:
			found[open].Until = fr.month(t)
			found[open].Args["until"] = fr.month(t).String()
			found[open].Evidence = append(found[open].Evidence, fr.rows(i, []int{f, g}, t, t)...)
		default:
			open = len(found)
			found = append(found, fr.needFinding(i, f, g, t, key, expected))
		}
	}
	return found
}

// needSteps is how many grains must be expected before their absence says anything.
const needSteps = 10

// none says that b is nothing beside a: zero, where something is to be expected at all, or a tiny share of it.
func (fr *frame) none(i, g int, b int64, a, ratio float64) bool {
	if !known(ratio) {
		return b == 0
	}
	expected := exp(math.Log(a) + ratio)
	return expected >= needSteps*float64(fr.grain[g][i]) && float64(b) < fr.o.NeedShare*expected
}

// idleLevel is the usual value of g in months with f > 0; busy says that there are enough of them.
func (fr *frame) idleLevel(i, f, g int) (level float64, busy bool) {
	x := make([]float64, 0, fr.in.Months)
	for t := range fr.in.Months {
		if a, b := fr.entities[i].Values[f][t], fr.entities[i].Values[g][t]; a.Known && b.Known && a.V > 0 && b.V > 0 {
			x = append(x, float64(b.V))
		}
	}
	return median(x), len(x) >= fr.o.MinHistory
}

func (fr *frame) needFinding(i, f, g, t int, key string, expected float64) Finding {
	code, then := fr.in.Fields[f].Code, fr.in.Fields[g].Code
	args := map[string]any{"field": code, "need": then, "month": fr.month(t).String(), "until": fr.month(t).String(),
		"value": Amount{code, fr.entities[i].Values[f][t].V}, "filed": Amount{then, fr.entities[i].Values[g][t].V}}
	if !known(expected) {
		expected = float64(fr.in.Fields[g].Step)
	}
	args["expected"] = Amount{then, whole(expected)}
	group := fr.groups.of[i]
	return Finding{
		Check: NeedUnmet, Severity: Warning, Entity: fr.entities[i].ID, Month: fr.month(t), Until: fr.month(t), Field: then, Score: 1,
		Key: key, Args: args, Evidence: fr.rows(i, []int{f, g}, t, t),
		Peers: &Band{Group: fr.groups.label[group], Entities: len(fr.groups.members[group])},
	}
}
