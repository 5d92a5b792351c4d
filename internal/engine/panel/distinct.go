package panel

import "math/bits"

// maxSetWords bounds the memory of the bitsets per group, in words: 8 MiB.
const maxSetWords = 1 << 20

// distinctCount counts the different codes of a dimension, by group and in all.
//
// Each group gets a bitset over the codes when its first row comes. Should the bitsets outgrow the budget (20,000 groups
// of 20,000 codes are 50 MB), the pairs of group and code seen so far and later are kept as a list instead, and counted
// group by group at the end.
type distinctCount struct {
	words  int // per bitset
	budget int // words in all bitsets
	used   int
	sets   [][]uint64
	asList bool
	pairs  []pair
}

type pair struct{ group, code uint32 }

func newDistinctCount(codes, budget int) *distinctCount {
	return &distinctCount{words: (codes + 63) / 64, budget: budget}
}

// grow makes room for n groups.
func (d *distinctCount) grow(n int) {
	d.sets = append(d.sets, make([][]uint64, n-len(d.sets))...)
}

// add takes in the codes of rows with their groups; code 0, the empty text, is no value.
func (d *distinctCount) add(codes, groups []uint32) {
	groups = groups[:len(codes)]
	if d.asList {
		for k, code := range codes {
			if code != 0 {
				d.pairs = append(d.pairs, pair{groups[k], code})
			}
		}
		return
	}
	for k, code := range codes {
		if code == 0 {
			continue
		}
		set := d.sets[groups[k]]
		if set == nil {
			if d.used += d.words; d.used > d.budget {
				d.toList()
				d.add(codes[k:], groups[k:])
				return
			}
			set = make([]uint64, d.words)
			d.sets[groups[k]] = set
		}
		if bit := uint64(1) << (code % 64); set[code/64]&bit == 0 {
			set[code/64] |= bit
		}
	}
}

// toList turns the bitsets into pairs.
func (d *distinctCount) toList() {
	for g, set := range d.sets {
		for w, word := range set {
			for ; word != 0; word &= word - 1 {
				d.pairs = append(d.pairs, pair{uint32(g), uint32(w*64 + bits.TrailingZeros64(word))})
			}
		}
		d.sets[g] = nil
	}
	d.asList = true
}

// counts gives the number of different codes by group, and that of all groups together.
func (d *distinctCount) counts() (byGroup []int64, total int64) {
	byGroup = make([]int64, len(d.sets))
	all := make([]uint64, d.words)
	for g, set := range d.sets {
		for w, word := range set {
			all[w] |= word
			byGroup[g] += int64(bits.OnesCount64(word))
		}
	}
	if d.asList {
		d.countPairs(byGroup, all)
	}
	for _, word := range all {
		total += int64(bits.OnesCount64(word))
	}
	return byGroup, total
}

// countPairs sorts the pairs by group, by counting, and remembers per code the group that had it last.
func (d *distinctCount) countPairs(byGroup []int64, all []uint64) {
	next := make([]int, len(byGroup)+1) // where the codes of each group start
	for _, p := range d.pairs {
		next[p.group+1]++
	}
	for g := range byGroup {
		next[g+1] += next[g]
	}
	codes := make([]uint32, len(d.pairs))
	for _, p := range d.pairs {
		all[p.code/64] |= 1 << (p.code % 64)
		codes[next[p.group]] = p.code
		next[p.group]++ // in the end where the codes of the group end
	}
	last := make([]uint32, d.words*64) // group+1
	start := 0
	for g := range byGroup {
		for _, code := range codes[start:next[g]] {
			if last[code] != uint32(g)+1 {
				last[code] = uint32(g) + 1
				byGroup[g]++
			}
		}
		start = next[g]
	}
}
