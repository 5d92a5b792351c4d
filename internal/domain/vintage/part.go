package vintage

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// The parts, in the order in which they follow from each other.
const (
	Inputs       = "inputs"
	Rules        = "rules"
	Results      = "results"
	Completeness = "completeness"
)

var partNames = []string{Inputs, Rules, Results, Completeness}

// part is one text of a vintage: kept compressed, with the digest of the text itself, so that what a compressor does in
// another version of the program changes no digest.
type part struct {
	name   string
	digest string // SHA-256 of the text, in hex
	packed []byte // gzip
}

// maxText bounds a text that is unpacked: twenty thousand enterprises make 70 MB of inputs, and all other parts are small.
const (
	maxText      = 2 << 30
	maxSmallText = 64 << 20
)

// newPart keeps what write writes. Text larger than the bounds is cut when it is read again, and then has another digest.
func newPart(name string, write func(w io.Writer) error) (part, error) {
	sum := sha256.New()
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err == nil {
		err = write(io.MultiWriter(sum, zip))
	}
	if err == nil {
		err = zip.Close()
	}
	return part{name, hex.EncodeToString(sum.Sum(nil)), packed.Bytes()}, err
}

// open gives the text; what does not unpack fails when it is read.
func (p part) open() (io.Reader, error) {
	zip, err := gzip.NewReader(bytes.NewReader(p.packed))
	if err != nil {
		return nil, err
	}
	if p.name != Inputs {
		return io.LimitReader(zip, maxSmallText), nil
	}
	return io.LimitReader(zip, maxText), nil
}

// text is the whole text.
func (p part) text() ([]byte, error) {
	r, err := p.open()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// found is the digest of the text as it is now; empty when it cannot be unpacked.
func (p part) found() string {
	r, err := p.open()
	if err != nil {
		return ""
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// digestOf sums up parts that are in the order of partNames.
func digestOf(parts []part) string {
	sum := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(sum, "%s %s\n", p.name, p.digest)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func digestsOf(parts []part) map[string]string {
	out := map[string]string{}
	for _, p := range parts {
		out[p.name] = p.digest
	}
	return out
}

// part finds a part by its name. Error kind Invalid, key "vintage.damaged" (argument part).
func (k *Kept) part(name string) (part, error) {
	i := slices.IndexFunc(k.parts, func(p part) bool { return p.name == name })
	if i < 0 {
		return part{}, damaged(name, nil)
	}
	return k.parts[i], nil
}

func damaged(name string, cause error) error {
	return fault.Because(cause, fault.Invalid, "vintage.damaged", "part", name)
}

// Text gives a part's text: "inputs", "rules", "results" or "completeness". Error kind Invalid, key "vintage.damaged" (argument
// part) when it is not there, or not the text that was kept.
func (k *Kept) Text(name string) ([]byte, error) {
	p, err := k.part(name)
	if err != nil {
		return nil, err
	}
	text, err := p.text()
	if err != nil {
		return nil, damaged(name, err)
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != p.digest {
		return nil, damaged(name, nil)
	}
	return text, nil
}
