package vintage

import (
	"io"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Check is what computing a vintage again found.
type Check struct {
	OK         bool
	Digest     string // as it was kept
	Recomputed string // of the texts made again; empty when they could not be made
	Trail      Trail  // what the audit trail says of Digest
	Parts      []PartCheck
	Why        error // that they could not be made; nil otherwise
}

// PartCheck compares the digest that a part was kept with, that of the text that is there, and that of the text made anew. A
// part that does not follow from others (rules, completeness) has no third.
type PartCheck struct {
	Name, Kept, Found, Recomputed string
	OK                            bool
}

// Check computes a vintage again from its inputs and its rules, reading nothing of the ledger, and compares every text
// byte for byte. What is wrong is in the answer; which part, by name.
func (k *Kept) Check() Check {
	out := Check{Digest: k.Digest, Trail: k.Trail, OK: k.Trail != TrailOther}
	for _, name := range partNames {
		c := PartCheck{Name: name}
		if p, err := k.part(name); err == nil {
			c.Kept, c.Found = p.digest, p.found()
		}
		c.OK = c.Kept != "" && c.Kept == c.Found
		out.Parts = append(out.Parts, c)
	}
	again, err := k.again()
	if err != nil {
		out.OK, out.Why = false, err
		return out
	}
	for i := range out.Parts {
		c := &out.Parts[i]
		for _, p := range again {
			if p.name != c.Name {
				continue
			}
			c.Recomputed = p.digest
			c.OK = c.OK && p.digest == c.Found
		}
		out.OK = out.OK && c.OK
	}
	out.Recomputed = digestOf(k.renewed(again))
	out.OK = out.OK && out.Recomputed == k.Digest
	return out
}

// again makes inputs and results anew: the inputs by writing out what was read of them.
func (k *Kept) again() ([]part, error) {
	b, err := k.Book()
	if err != nil {
		return nil, fault.Wrap("vintage.Check", err)
	}
	v, err := k.View()
	if err != nil {
		return nil, fault.Wrap("vintage.Check", err)
	}
	if v.City() != k.City || v.Horizon != k.Month {
		return nil, fault.Wrap("vintage.Check", damaged(Inputs, nil))
	}
	inputs, err := newPart(Inputs, func(w io.Writer) error { return b.Freeze(v, k.Month, w) })
	if err != nil {
		return nil, fault.Wrap("vintage.Check", err)
	}
	results, err := resultsPart(v, b, k.Month)
	return []part{inputs, results}, fault.Wrap("vintage.Check", err)
}

// renewed is the vintage's parts with those made again, the others with the digests of the texts that are there.
func (k *Kept) renewed(again []part) []part {
	out := make([]part, len(partNames))
	for i, name := range partNames {
		out[i] = part{name: name}
		if p, err := k.part(name); err == nil {
			out[i].digest = p.found()
		}
		for _, p := range again {
			if p.name == name {
				out[i] = p
			}
		}
	}
	return out
}
