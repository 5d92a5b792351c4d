package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/job"
	"github.com/parkbrain/parkbrain/internal/platform/obs"
	"github.com/parkbrain/parkbrain/refdata"
)

// city is an opened ledger with what every command needs of it.
type city struct {
	*host
	settings config.Settings
	logger   *slog.Logger
	db       *db.DB
	ref      refdata.City
	ids      *id.Maker

	jobs    *job.Worker   // of work
	closing chan struct{} // closed when the server stops
}

// databaseFile is the ledger inside the data directory.
const databaseFile = "parkbrain.db"

// openCity opens the database that the settings name, brings its schema up to date, and puts the reference data of a city
// into one that has none. Close it.
func (h *host) openCity(ctx context.Context, s config.Settings) (*city, error) {
	logger, err := obs.NewLogger(h.stderr, obs.LogOptions{Format: s.LogFormat, Level: s.LogLevel})
	if err != nil {
		return nil, err
	}
	ref, err := refdata.LoadCity(s.City)
	if err != nil {
		return nil, err
	}
	address := s.Database
	if address == "" {
		if address, err = fileAddress(s.Data); err != nil {
			return nil, err
		}
	}
	database, err := db.Open(ctx, address, db.Options{Logger: logger})
	if err != nil {
		return nil, err
	}
	c := &city{host: h, settings: s, logger: logger, db: database, ref: ref, ids: id.NewMaker(h.now, h.random)}
	if err := c.prepare(ctx); err != nil {
		_ = database.Close() // the first error is the one to tell
		return nil, err
	}
	return c, nil
}

func (c *city) prepare(ctx context.Context) error {
	if err := db.Migrate(ctx, c.db); err != nil {
		return err
	}
	return c.firstData(ctx)
}

// work is the city's worker on this server, with the handlers of all jobs. It does nothing before it is started. Made on the
// first call, which is while the server is put together.
func (c *city) work() *job.Worker {
	if c.jobs == nil {
		name, err := os.Hostname()
		if err != nil {
			name = "server"
		}
		c.jobs = job.NewWorker(c.db, job.Options{City: c.ref.ID, Name: name, Now: c.now, Logger: c.logger})
		c.closing = make(chan struct{})
		c.registerIntakes(c.jobs)
	}
	return c.jobs
}

func (c *city) Close() error { return c.db.Close() }

// fileAddress is the address of the ledger in a data directory, which is made where it is not there.
func fileAddress(dir string) (string, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(full, 0o700); err != nil {
		return "", fmt.Errorf("make the data directory: %w", err)
	}
	return (&url.URL{Scheme: "sqlite", Path: filepath.Join(full, databaseFile)}).String(), nil
}

// actor is who the program is when it brings in its own reference data.
const actor = "(system)"

// act is the program's own act on the whole city.
func (c *city) act() org.Act {
	return org.Act{Scope: auth.Whole(c.ref.ID), Actor: actor, At: c.now(), NewID: c.ids.New}
}

// installer is the person at the terminal: whoever may read and write the data directory may import into it.
func (c *city) installer() auth.User {
	return auth.User{ID: "(terminal)", City: c.ref.ID, Username: "(terminal)", Role: auth.SystemAdmin}
}

func (c *city) auth() *auth.Service {
	return auth.New(c.db, auth.Options{City: c.ref.ID, Now: c.now, Random: c.random, IDs: c.ids, Idle: c.settings.SessionIdle})
}
