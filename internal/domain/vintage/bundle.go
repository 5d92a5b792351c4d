package vintage

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/page"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// bundleHead is the head's file in a bundle; bundleForm says how the others are to be read.
const (
	bundleHead = "vintage.json"
	bundleForm = "parkbrain vintage 1"
)

// The bounds of a bundle that somebody sends.
const (
	maxBundleHead = 1 << 20
	maxBundlePart = 1 << 30 // compressed
)

type bundled struct {
	Form     string            `json:"form"`
	City     string            `json:"city"`
	Period   string            `json:"period"`
	No       int64             `json:"no"`
	Sequence int64             `json:"sequence"`
	Reason   string            `json:"reason"`
	Actor    string            `json:"actor"`
	At       time.Time         `json:"at"`
	Digest   string            `json:"digest"`
	Parts    map[string]string `json:"parts"`
}

// BundleName is the file name of a vintage's bundle.
func (v Vintage) BundleName() string {
	return fmt.Sprintf("parkbrain-vintage-%s-%s-%d.zip", v.City, v.Month, v.No)
}

// Bundle writes the whole vintage as one file, a zip archive of the head and the compressed texts, always the same bytes for
// the same vintage. ReadBundle reads it.
func (k *Kept) Bundle(w io.Writer) error {
	z := zip.NewWriter(w)
	var head bytes.Buffer
	enc := json.NewEncoder(&head)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(bundled{bundleForm, k.City, k.Month.String(), k.No, k.Sequence, k.Reason, k.Actor, k.At, k.Digest, k.Parts})
	if err != nil {
		return fault.Wrap("vintage.Bundle", err)
	}
	files := []struct {
		name  string
		bytes []byte
	}{{bundleHead, head.Bytes()}}
	for _, p := range k.parts {
		files = append(files, struct {
			name  string
			bytes []byte
		}{p.name + ".gz", p.packed})
	}
	for _, f := range files {
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		if err == nil {
			_, err = out.Write(f.bytes)
		}
		if err != nil {
			return fault.Wrap("vintage.Bundle", err)
		}
	}
	return fault.Wrap("vintage.Bundle", z.Close())
}

// ReadBundle reads what Bundle writes, without judging whether its texts are right: Check does. Error kind Invalid, key
// "vintage.bad_bundle" (argument why).
func ReadBundle(r io.ReaderAt, size int64) (*Kept, error) {
	k, err := readBundle(r, size)
	if err != nil {
		return nil, fault.Wrap("vintage.ReadBundle", fault.Because(err, fault.Invalid, "vintage.bad_bundle", "why", err.Error()))
	}
	return k, nil
}

func readBundle(r io.ReaderAt, size int64) (*Kept, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if len(z.File) == 0 || len(z.File) > len(partNames)+1 || z.File[0].Name != bundleHead {
		return nil, errors.New("it does not begin with " + bundleHead)
	}
	raw, err := entry(z.File[0], maxBundleHead)
	if err != nil {
		return nil, err
	}
	var b bundled
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	k, err := b.kept()
	if err != nil {
		return nil, err
	}
	for _, f := range z.File[1:] {
		name, ok := strings.CutSuffix(f.Name, ".gz")
		if !ok || !slices.Contains(partNames, name) {
			return nil, errors.New("it holds " + f.Name)
		}
		p := part{name: name, digest: b.Parts[name]}
		if p.packed, err = entry(f, maxBundlePart); err != nil {
			return nil, err
		}
		k.parts = append(k.parts, p)
	}
	k.settle()
	return k, nil
}

func (b bundled) kept() (*Kept, error) {
	if b.Form != bundleForm {
		return nil, fmt.Errorf("it is not %q", bundleForm)
	}
	m, err := ParseMonth(b.Period)
	if err != nil {
		return nil, err
	}
	if b.No < 1 || b.Sequence < 0 || b.City == "" || b.At.IsZero() {
		return nil, errors.New("its head is not whole")
	}
	if err := page.Clean(b.City, b.Reason, b.Actor, b.Digest); err != nil {
		return nil, err
	}
	return &Kept{Vintage: Vintage{City: b.City, Month: m, No: b.No, Sequence: b.Sequence, Reason: b.Reason, Actor: b.Actor, At: b.At.UTC(), Digest: b.Digest}}, nil
}

func entry(f *zip.File, limit uint64) ([]byte, error) {
	if f.Method != zip.Store || f.UncompressedSize64 > limit {
		return nil, errors.New(f.Name + " is larger than it may be, or packed")
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(in)
}

// Import keeps a vintage of another server under its own number, so that it is there beside this server's. It is computed
// again first: what does not follow from its inputs and rules is refused. One audit line; false without one when the same
// vintage is already kept.
//
// Errors: Denied "vintage.whole_city"; Invalid "vintage.other_city", "vintage.does_not_verify" (argument part);
// Exists "vintage.exists" when that number of the month is another vintage.
func Import(ctx context.Context, w db.Writer, act org.Act, k *Kept) (bool, error) {
	const op = "vintage.Import"
	switch {
	case whole(act.Scope) != nil:
		return false, fault.Wrap(op, whole(act.Scope))
	case act.Scope.City != k.City:
		return false, fault.Wrap(op, fault.New(fault.Invalid, "vintage.other_city", "city", k.City))
	}
	if c := k.Check(); !c.OK {
		return false, fault.Wrap(op, c.fault())
	}
	have, err := head(ctx, w.Reader, k.City, k.Month, k.No)
	switch {
	case err == nil && have.Digest == k.Digest:
		return false, nil
	case err == nil:
		return false, fault.Wrap(op, fault.New(fault.Exists, "vintage.exists", "period", k.Month.String(), "no", k.No))
	case fault.KindOf(err) != fault.NotFound:
		return false, fault.Wrap(op, err)
	}
	return true, fault.Wrap(op, k.insert(ctx, w, act, "closing.import"))
}

// fault says which part does not verify.
func (c Check) fault() error {
	wrong := "digest" // all parts follow from each other and were not kept as these
	for _, p := range c.Parts {
		if !p.OK {
			wrong = p.Name
			break
		}
	}
	return fault.Because(c.Why, fault.Invalid, "vintage.does_not_verify", "part", wrong)
}
