package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/secure/precis"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// Bounds of a password, in characters.
const (
	MinPassword = 10
	MaxPassword = 128 // nobody types more; bounds the work of hashing
)

// HashCost is what one password hash costs. It is stored with each hash, so it may be raised at any time.
type HashCost struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// DefaultCost is the second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes.
var DefaultCost = HashCost{MemoryKiB: 64 << 10, Passes: 3, Lanes: 4}

// Sizes that RFC 9106, section 4 recommends, in bytes, and the least salt that section 3.1 allows.
const (
	saltSize    = 16
	hashSize    = 32
	minSaltSize = 8
)

// maxMemoryKiB is the most that a stored hash may ask for: a damaged row must not take the machine's memory.
const maxMemoryKiB = 1 << 20

// A phc is a password hash in the PHC string format: $argon2id$v=19$m=65536,t=3,p=4$salt$hash.
type phc struct {
	cost HashCost
	salt []byte
	hash []byte
}

func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.cost.MemoryKiB, p.cost.Passes, p.cost.Lanes, b64.EncodeToString(p.salt), b64.EncodeToString(p.hash))
}

// parsePHC reads what String wrote. ok is false for anything else.
func parsePHC(s string) (p phc, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.MemoryKiB, &p.cost.Passes, &p.cost.Lanes); err != nil {
		return phc{}, false
	}
	var errSalt, errHash error
	p.salt, errSalt = base64.RawStdEncoding.DecodeString(parts[4])
	p.hash, errHash = base64.RawStdEncoding.DecodeString(parts[5])
	c := p.cost
	sane := c.MemoryKiB <= maxMemoryKiB && c.Passes > 0 && c.Lanes > 0 && len(p.salt) >= minSaltSize && len(p.hash) == hashSize
	if errSalt != nil || errHash != nil || !sane || p.String() != s {
		return phc{}, false
	}
	return p, true
}

func (p phc) matches(password string) bool {
	got := argon2.IDKey([]byte(password), p.salt, p.cost.Passes, p.cost.MemoryKiB, p.cost.Lanes, hashSize)
	return subtle.ConstantTimeCompare(got, p.hash) == 1
}

// A hasher makes and checks password hashes, only so many at once: each takes tens of MiB and of milliseconds.
type hasher struct {
	cost   HashCost
	random io.Reader
	queue  chan struct{} // those who work and those who wait
	work   chan struct{} // those who work
}

// waitersPerHash is how many may wait for each hash that is worked on; the others are told to come back.
const waitersPerHash = 16

func newHasher(cost HashCost, random io.Reader, atOnce int) *hasher {
	return &hasher{cost: cost, random: random,
		queue: make(chan struct{}, atOnce*(1+waitersPerHash)), work: make(chan struct{}, atOnce)}
}

// turn runs f when it is its turn. Errors: Busy "auth.busy" when too many wait already, or ctx ends first.
func (h *hasher) turn(ctx context.Context, f func()) error {
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return fault.New(fault.Busy, "auth.busy")
	}
	select {
	case h.work <- struct{}{}:
		defer func() { <-h.work }()
	case <-ctx.Done():
		return fault.Because(ctx.Err(), fault.Busy, "auth.busy")
	}
	f()
	return nil
}

// hash gives the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	p := phc{cost: h.cost, salt: make([]byte, saltSize)}
	if _, err := io.ReadFull(h.random, p.salt); err != nil {
		return "", fault.Wrap("auth.hash", err)
	}
	err := h.turn(ctx, func() {
		p.hash = argon2.IDKey([]byte(normal(password)), p.salt, p.cost.Passes, p.cost.MemoryKiB, p.cost.Lanes, hashSize)
	})
	return p.String(), err
}

// matches says whether stored is the hash of password. Where stored is empty (nobody has that name) or damaged it works
// just as long and says no.
func (h *hasher) matches(ctx context.Context, stored, password string) (bool, error) {
	p, ok := parsePHC(stored)
	if !ok {
		p = phc{cost: h.cost, salt: make([]byte, saltSize), hash: make([]byte, hashSize)}
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password = "" // no such password was ever accepted; hashing it would only be work
	}
	var same bool
	err := h.turn(ctx, func() { same = p.matches(normal(password)) })
	return ok && same, err
}

// normal gives a password the one spelling that is hashed, whatever keyboard and input method wrote it (RFC 8265).
func normal(password string) string {
	if s, err := precis.OpaqueString.String(password); err == nil {
		return s
	}
	return password
}

// checkPassword applies the policy to a new password of the account with this username.
// Errors: Invalid "auth.password_short" (min), "auth.password_long" (max), "auth.password_chars", "auth.password_is_username".
func checkPassword(username, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return fault.New(fault.Invalid, "auth.password_short", "min", MinPassword)
	case n > MaxPassword:
		return fault.New(fault.Invalid, "auth.password_long", "max", MaxPassword)
	}
	if _, err := precis.OpaqueString.String(password); err != nil || !utf8.ValidString(password) {
		return fault.Because(err, fault.Invalid, "auth.password_chars")
	}
	if folded, err := foldUsername(password); err == nil && folded == username {
		return fault.New(fault.Invalid, "auth.password_is_username")
	}
	return nil
}

// oneTimeLetters are the 32 digits and letters of a one-time password; none looks like another.
const oneTimeLetters = "0123456789abcdefghjkmnpqrstvwxyz"

// oneTimePassword makes a password of 100 random bits that can be read aloud: k3f9t-0dqm2-….
func oneTimePassword(random io.Reader) (string, error) {
	const groups, groupSize = 4, 5
	var b [groups * groupSize]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fault.Wrap("auth.oneTimePassword", err)
	}
	var out strings.Builder
	for i, c := range b {
		if i > 0 && i%groupSize == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(oneTimeLetters[c%32]) // 256 is a multiple of 32: every letter is equally likely
	}
	return out.String(), nil
}
