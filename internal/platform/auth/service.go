package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// What holds unless Options say otherwise.
const (
	DefaultIdle           = 30 * time.Minute
	DefaultAbsolute       = 12 * time.Hour
	DefaultHashes         = 2  // password hashes at once: 128 MiB
	DefaultTriesPerMinute = 60 // wrong logins for each remote address
)

// The lock-out of an account.
const (
	MaxFailedTries = 5
	LockTime       = 15 * time.Minute
)

// seenStep is how exactly it is known when a session was last used; more would be a write on every request.
const seenStep = time.Minute

// seenPatience is how long a request waits to note that its session was used; a long import holds the writer meanwhile.
const seenPatience = 50 * time.Millisecond

// Actors of the trail that are not accounts. No username has brackets.
const (
	actorUnknown = "(unknown)" // a login under a name that nobody has; the name is not noted: it may be a password
	actorSystem  = "(system)"  // the program itself, at its first start
)

// Options of New. City, Now, Random and IDs are required.
type Options struct {
	City   string           // code of the city whose accounts these are: "350500"
	Now    func() time.Time // clock
	Random io.Reader        // cryptographic source of randomness, safe for concurrent use
	IDs    *id.Maker        // makes the ids of accounts and tokens

	Idle           time.Duration // a session ends when it was not used that long
	Absolute       time.Duration // a session ends that long after login
	Cost           HashCost      // of new password hashes
	Hashes         int           // password hashes at once
	TriesPerMinute int           // wrong logins for each remote address
}

// Service answers who somebody is. Safe for concurrent use.
type Service struct {
	db       *db.DB
	city     string
	now      func() time.Time
	random   io.Reader
	ids      *id.Maker
	idle     time.Duration
	absolute time.Duration
	hasher   *hasher
	limiter  *limiter
	seeing   sync.Mutex // held by the one request that notes when its session was used
}

// New makes the service over a migrated database. Options that are zero take the Default of the same name.
func New(d *db.DB, o Options) *Service {
	if o.Cost == (HashCost{}) {
		o.Cost = DefaultCost
	}
	orDefault(&o.Idle, DefaultIdle)
	orDefault(&o.Absolute, DefaultAbsolute)
	orDefault(&o.Hashes, DefaultHashes)
	orDefault(&o.TriesPerMinute, DefaultTriesPerMinute)
	return &Service{db: d, city: o.City, now: o.Now, random: o.Random, ids: o.IDs, idle: o.Idle, absolute: o.Absolute,
		hasher: newHasher(o.Cost, o.Random, o.Hashes), limiter: newLimiter(o.Now, o.TriesPerMinute)}
}

func orDefault[T int | time.Duration](v *T, otherwise T) {
	if *v <= 0 {
		*v = otherwise
	}
}

// unauthenticated are the keys of faults that mean "log in", not "you may not".
var unauthenticated = []string{"auth.required", "auth.session_ended", "auth.wrong"}

// Unauthenticated says whether err means that the caller is nobody known (HTTP 401), rather than somebody who may not
// (HTTP 403).
func Unauthenticated(err error) bool {
	f, ok := fault.Of(err)
	return ok && slices.Contains(unauthenticated, f.Key)
}

// require refuses a user who may not do the action. Errors: Denied "auth.must_change_password", "auth.denied" (action).
func require(u User, a Action) error {
	switch {
	case u.MustChange:
		return fault.New(fault.Denied, "auth.must_change_password")
	case !u.May(a):
		return denied(a)
	}
	return nil
}

func denied(a Action) error { return fault.New(fault.Denied, "auth.denied", "action", string(a)) }

// event is a line of the trail about an account.
type event struct {
	actor  string
	action string
	user   string // id; empty when nobody has the name
	detail any
}

func (s *Service) log(ctx context.Context, w db.Writer, e event) error {
	entry := audit.Entry{City: s.city, Actor: e.actor, Action: e.action, Kind: "user", Entity: e.user, At: s.now(), Detail: e.detail}
	_, err := audit.Append(ctx, w, entry)
	return err
}

// secretSize is the length of session and API tokens in bytes: 256 bits cannot be guessed.
const secretSize = 32

// secret makes a token and the digest under which it is stored. The digest needs no salt: the token is random.
func (s *Service) secret(prefix string) (token string, digest []byte, err error) {
	var b [secretSize]byte
	if _, err := io.ReadFull(s.random, b[:]); err != nil {
		return "", nil, fault.Wrap("auth.secret", err)
	}
	token = prefix + base64.RawURLEncoding.EncodeToString(b[:])
	return token, digestOf(token), nil
}

func digestOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
