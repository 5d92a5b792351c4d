package app

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/parkbrain/parkbrain/internal/app/demo"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// demoRecorded is the moment at which everything in a demo city was recorded, so that the same seed gives the same city.
var demoRecorded = time.Date(2025, 7, 1, 1, 0, 0, 0, time.UTC)

func makeDemo(ctx context.Context, h *host, args []string) error {
	o, accounts := demo.Options{Seed: 1}, false
	s, rest, err := h.flags("demo", args, func(fs *flag.FlagSet) {
		fs.Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same city")
		fs.IntVar(&o.Enterprises, "enterprises", 0, "how many enterprises (0: the calibrated number)")
		fs.IntVar(&o.Months, "months", 0, "how many months of returns (0: the calibrated number)")
		fs.BoolVar(&accounts, "accounts", false, "an account for every role, with the administrator's password of PARKBRAIN_ADMIN_PASSWORD")
	}, config.Data, config.Database, config.City, config.LogLevel)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	if o, err = o.Check(); err != nil {
		return err
	}
	if accounts && s.AdminPassword == "" {
		return errUsage
	}
	if s.Database != "" {
		return h.fillDemo(ctx, s, o, accounts)
	}
	return h.demoInDirectory(ctx, s, o, accounts)
}

// demoInDirectory makes the city beside its place and moves it there when it is whole, so that a demo that was cut short
// leaves no half city behind.
func (h *host) demoInDirectory(ctx context.Context, s config.Settings, o demo.Options, accounts bool) error {
	final := s.Data
	if _, err := os.Stat(filepath.Join(final, databaseFile)); err == nil {
		return fault.New(fault.Exists, "demo.not_empty", "directory", final)
	}
	if err := os.MkdirAll(final, 0o700); err != nil {
		return err
	}
	making, err := os.MkdirTemp(final, ".demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(making)
	s.Data = making
	if err := h.fillDemo(ctx, s, o, accounts); err != nil {
		return err
	}
	return os.Rename(filepath.Join(making, databaseFile), filepath.Join(final, databaseFile))
}

// fillDemo fills an empty ledger.
func (h *host) fillDemo(ctx context.Context, s config.Settings, o demo.Options, accounts bool) error {
	fixed := *h
	fixed.now = func() time.Time { return demoRecorded }
	c, err := fixed.openCity(ctx, s)
	if err != nil {
		return err
	}
	defer c.Close()
	c.ids = id.NewMaker(c.now, rand.NewChaCha8(seedBytes(o.Seed)))
	if err := c.refuseParks(ctx); err != nil {
		return err
	}
	began := h.now()
	if err := c.publishedParks(ctx); err != nil {
		return err
	}
	act := org.Act{Scope: c.act().Scope, Actor: "(demo)", At: demoRecorded, NewID: c.ids.New}
	if err := demo.Make(ctx, c.db, act, o); err != nil {
		return err
	}
	users := c.auth()
	if err := c.firstAdmin(ctx, users); err != nil {
		return err
	}
	if accounts {
		if err := c.demoAccounts(ctx, users); err != nil {
			return err
		}
		if err := c.demoClosing(ctx); err != nil {
			return err
		}
		if err := c.demoWork(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(h.stdout, "demo city: %d enterprises, %d months, seed %d, made in %.1f s; tenants, projects and returns are simulated\n",
		o.Enterprises, o.Months, o.Seed, h.now().Sub(began).Seconds())
	return c.Close()
}

// refuseParks refuses a ledger that already holds parks: simulated rows are never mixed into a real city.
func (c *city) refuseParks(ctx context.Context) error {
	return c.db.Read(ctx, func(r db.Reader) error {
		have, err := parkIDs(ctx, r, c.ref.ID)
		if err == nil && len(have) > 0 {
			err = fault.New(fault.Exists, "demo.not_empty", "directory", c.settings.Data)
		}
		return err
	})
}

func seedBytes(seed uint64) (b [32]byte) {
	copy(b[:], fmt.Sprintf("parkbrain demo %d", seed))
	return b
}
