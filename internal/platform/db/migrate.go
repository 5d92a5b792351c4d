package db

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema: the file migrations/NNNN_name.sql.
type migration struct {
	version int
	name    string
	text    string
}

func (m migration) digest() string {
	sum := sha256.Sum256([]byte(m.text))
	return hex.EncodeToString(sum[:])
}

// known is the list of this program. It panics when the files are not numbered 0001, 0002, …: that is a mistake in the
// source, which the first test finds.
func known() []migration {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		panic("db: " + err.Error())
	}
	list := make([]migration, 0, len(names))
	for i, file := range names { // Glob sorts
		base := strings.TrimSuffix(path.Base(file), ".sql")
		num, name, _ := strings.Cut(base, "_")
		version, err := strconv.Atoi(num)
		if err != nil || version != i+1 || len(num) != 4 || name == "" {
			panic(fmt.Sprintf("db: migration %s must be named %04d_name.sql", file, i+1))
		}
		text, err := migrationFiles.ReadFile(file)
		if err != nil {
			panic("db: " + err.Error())
		}
		list = append(list, migration{version: version, name: name, text: string(text)})
	}
	return list
}

// SchemaDigest changes whenever a migration of this program changes. Tests name their template databases by it.
func SchemaDigest() string {
	h := sha256.New()
	for _, m := range known() {
		h.Write([]byte(m.digest()))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Migrate brings the schema of d to the newest version that this program knows, one transaction for each step; a step that
// fails leaves nothing behind. Several programs may call it at once.
//
// Errors: KeySchemaNewer when a newer program was here, KeySchemaChanged when a step was applied in another form than this
// program's, KeyMigration when a step fails.
func Migrate(ctx context.Context, d *DB) error {
	return fault.Wrap("db.Migrate", migrate(ctx, d, known()))
}

func migrate(ctx context.Context, d *DB, list []migration) (err error) {
	s, err := d.writes.acquire(ctx)
	if err != nil {
		return d.ended(ctx, err)
	}
	healthy := false
	defer func() { d.writes.release(s, healthy) }()
	free, err := d.dialect.exclusive(ctx, s.conn)
	if err != nil {
		return d.ended(ctx, err)
	}
	err = d.steps(ctx, s, list)
	if ferr := free(); ferr != nil {
		return errors.Join(err, d.dialect.fault(ferr))
	}
	healthy = true
	return err
}

// steps runs the missing ones of list on s, which no other migrator uses.
func (d *DB) steps(ctx context.Context, s *session, list []migration) error {
	err := d.atomic(ctx, s, func(t *tx) error {
		_, err := Writer{Reader{t}}.Exec(ctx, `CREATE TABLE IF NOT EXISTS schema_migration (
			version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL)`)
		return err
	})
	if err != nil {
		return err
	}
	applied, err := d.applied(ctx, s)
	if err != nil {
		return err
	}
	if len(applied) > len(list) {
		return fault.New(fault.Invalid, KeySchemaNewer, "found", len(applied), "known", len(list))
	}
	for i, m := range list {
		if i < len(applied) {
			if applied[i] != m.digest() {
				return fault.New(fault.Invalid, KeySchemaChanged, "version", m.version, "name", m.name)
			}
			continue
		}
		err := d.atomic(ctx, s, func(t *tx) error {
			if err := d.dialect.script(ctx, s.conn, m.text); err != nil {
				return t.fail(ctx, err)
			}
			_, err := Writer{Reader{t}}.Exec(ctx,
				"INSERT INTO schema_migration (version, name, digest) VALUES ($1, $2, $3)", m.version, m.name, m.digest())
			return err
		})
		if err != nil {
			return fault.Because(cause(err), fault.KindOf(err), KeyMigration, "version", m.version, "name", m.name)
		}
	}
	return nil
}

// cause is what is under the fault of err: the fault around it says more than its key.
func cause(err error) error {
	if f, ok := fault.Of(err); ok && f.Err != nil {
		return f.Err
	}
	return err
}

// applied gives the digests of the steps that were applied, in order.
func (d *DB) applied(ctx context.Context, s *session) (digests []string, err error) {
	err = d.atomic(ctx, s, func(t *tx) error {
		digests, err = Collect(ctx, Reader{t}, scanText, "SELECT digest FROM schema_migration ORDER BY version")
		return err
	})
	return digests, err
}

// atomic runs fn in a writing transaction on s.
func (d *DB) atomic(ctx context.Context, s *session, fn func(*tx) error) error {
	if err := s.exec(ctx, d.dialect.beginWrite); err != nil {
		return d.ended(ctx, err)
	}
	t := &tx{session: s, dialect: &d.dialect, begun: true}
	err := fn(t)
	t.close()
	if err == nil {
		err = d.ended(ctx, s.end(ctx, "COMMIT"))
	}
	if err != nil {
		return errors.Join(err, d.dialect.fault(s.end(ctx, "ROLLBACK")))
	}
	return nil
}

// SchemaVersion is the number of the last step applied to d; 0 before the first Migrate.
func SchemaVersion(ctx context.Context, d *DB) (version int, err error) {
	err = d.Read(ctx, func(r Reader) error {
		var tables int
		if err := r.QueryRow(ctx, d.dialect.hasTable, "schema_migration").Scan(&tables); err != nil || tables == 0 {
			return err
		}
		return r.QueryRow(ctx, "SELECT COALESCE(MAX(version), 0) FROM schema_migration").Scan(&version)
	})
	return version, fault.Wrap("db.SchemaVersion", err)
}
