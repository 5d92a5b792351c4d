package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// encodingName stands before everything that is hashed for a line; a later encoding takes another name.
const encodingName = "parkbrain audit line 1"

// Why a line is broken, as in the argument "why" of "audit.broken".
const (
	brokenHash  = "hash"  // the line, or a row that it touched, is not as it was written
	brokenGap   = "gap"   // the line is missing
	brokenHead  = "head"  // the chain does not end where audit_head says: cut off or prolonged
	brokenTouch = "touch" // touched rows that belong to no line
)

// A canon hashes values in an encoding that no two different lists of values share: texts and bytes are preceded by
// their length, numbers have a fixed width.
type canon struct{ h hash.Hash }

func newCanon() canon { return canon{sha256.New()} }

func (c canon) number(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	c.h.Write(b[:]) // a hash never fails
}

func (c canon) text(s string) {
	c.number(int64(len(s)))
	c.h.Write([]byte(s))
}

func (c canon) bytes(b []byte) {
	c.number(int64(len(b)))
	c.h.Write(b)
}

func (c canon) touch(t Touch) {
	c.text(t.Kind)
	c.text(t.ID)
}

func (c canon) sum() []byte { return c.h.Sum(nil) }

// digestOf hashes touched rows, which are sorted. They get a digest of their own so that Verify may stream them.
func digestOf(touched []Touch) []byte {
	c := newCanon()
	for _, t := range touched {
		c.touch(t)
	}
	return c.sum()
}

// sum is the line's hash: over the hash before it, all of its columns, and the digest of what it touched.
func (l Line) sum(prev, touched []byte) []byte {
	c := newCanon()
	c.text(encodingName)
	c.bytes(prev)
	c.text(l.City)
	c.number(l.Seq)
	c.number(l.At.UnixMicro())
	for _, s := range []string{l.Actor, l.Action, l.Kind, l.Entity, l.Detail} {
		c.text(s)
	}
	c.bytes(touched)
	return c.sum()
}

// verifyPage is how many lines Verify holds at once.
const verifyPage = 500

// Verify walks a city's chain from its first line, in pages, and gives the number of lines that are as they were written.
// Errors: Invalid "audit.broken" names the first broken line (arguments city, seq and why: "hash" the line or what it
// touched was changed, "gap" it is missing, "head" the chain was cut off or prolonged there, "touch" rows are touched by a
// line that is not there). Run it in one Read, so that the chain does not grow meanwhile.
func Verify(ctx context.Context, r db.Reader, city string) (int64, error) {
	const op = "audit.Verify"
	v := verifier{r: r, city: city}
	for {
		lines, err := db.Collect(ctx, r, scanLine, `SELECT `+lineColumns+` FROM audit_line
			WHERE city = $1 AND seq > $2 ORDER BY seq LIMIT $3`, city, v.seq, verifyPage)
		if err != nil {
			return v.seq, fault.Wrap(op, err)
		}
		if len(lines) == 0 {
			return v.seq, fault.Wrap(op, v.end(ctx))
		}
		if err := v.page(ctx, lines); err != nil {
			return v.seq, fault.Wrap(op, err)
		}
	}
}

// A verifier stands behind line seq, whose hash is prev.
type verifier struct {
	r    db.Reader
	city string
	seq  int64
	prev []byte
}

func (v *verifier) broken(seq int64, why string) error {
	return fault.New(fault.Invalid, "audit.broken", "city", v.city, "seq", seq, "why", why)
}

func (v *verifier) page(ctx context.Context, lines []Line) error {
	digests, err := v.touched(ctx, lines)
	if err != nil {
		return err
	}
	for i, l := range lines {
		switch {
		case l.Seq != v.seq+1:
			return v.broken(v.seq+1, brokenGap)
		case !bytes.Equal(l.Hash, l.sum(v.prev, digests[i])):
			return v.broken(l.Seq, brokenHash)
		}
		v.seq, v.prev = l.Seq, l.Hash
	}
	return nil
}

// touched gives the digest of what each of the lines touched. Rows between them that have no line are passed over: there
// is a gap, which is found anyway.
func (v *verifier) touched(ctx context.Context, lines []Line) (digests [][]byte, err error) {
	sums := make([]canon, len(lines))
	for i := range sums {
		sums[i] = newCanon()
	}
	i := 0
	err = db.Each(ctx, v.r, func(s db.Scanner) error {
		var seq int64
		var t Touch
		if err := s.Scan(&seq, &t.Kind, &t.ID); err != nil {
			return err
		}
		for i < len(lines)-1 && lines[i].Seq < seq {
			i++
		}
		if lines[i].Seq == seq {
			sums[i].touch(t)
		}
		return nil
	}, `SELECT seq, kind, entity FROM audit_touch WHERE city = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, kind, entity`,
		v.city, v.seq, lines[len(lines)-1].Seq)
	for _, c := range sums {
		digests = append(digests, c.sum())
	}
	return digests, err
}

// end checks that nothing was cut off behind the last line and nothing hangs on.
func (v *verifier) end(ctx context.Context) error {
	seq, hash, err := Head(ctx, v.r, v.city)
	if err != nil {
		return err
	}
	switch {
	case seq > v.seq: // lines are missing at the end
		return v.broken(v.seq+1, brokenHead)
	case seq < v.seq: // lines were added behind the head
		return v.broken(seq+1, brokenHead)
	case !bytes.Equal(hash, v.prev):
		return v.broken(v.seq, brokenHead)
	}
	var stray int64
	err = v.r.QueryRow(ctx, `SELECT seq FROM audit_touch WHERE city = $1 AND (seq > $2 OR seq < 1)
		ORDER BY seq, kind, entity LIMIT 1`, v.city, v.seq).Scan(&stray)
	if err == nil {
		return v.broken(stray, brokenTouch)
	}
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
