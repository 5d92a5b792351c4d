package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
)

// minPostgres is the oldest server that is tried in the project's tests (server_version_num).
const minPostgres = 150000

// migrationLock is the advisory lock that migrators take: "parkbrai" as a number, so that it is ours in a shared server.
const migrationLock = 0x7061726b62726169

// openPostgres opens two pools on the server: one whose every transaction is read-only, one that writes.
func openPostgres(ctx context.Context, address string, o Options) (*DB, error) {
	cfg, err := pgx.ParseConfig(address)
	if err != nil { // the parser's error may quote the address
		return nil, fault.New(fault.Invalid, KeyURL, "reason", "not a PostgreSQL address")
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "parkbrain"
	}
	ro := cfg.Copy()
	ro.RuntimeParams["default_transaction_read_only"] = "on"
	d := &DB{dialect: postgresDialect(cfg.Host), logger: o.Logger}
	d.writes = newPool(stdlib.OpenDB(*cfg), o.Readers, false, 1)
	d.reads = newPool(stdlib.OpenDB(*ro), o.Readers, false, 2)
	if err := d.greetPostgres(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// greetPostgres checks version, encoding and the order of text.
func (d *DB) greetPostgres(ctx context.Context) error {
	return d.Read(ctx, func(r Reader) error {
		var version, encoding, name, collation, provider string
		err := r.QueryRow(ctx, `SELECT current_setting('server_version_num'), current_setting('server_encoding'),
			datname, datcollate, CAST(datlocprovider AS TEXT) FROM pg_database WHERE datname = current_database()`).
			Scan(&version, &encoding, &name, &collation, &provider)
		if err != nil {
			return err
		}
		if n, _ := strconv.Atoi(version); n < minPostgres {
			return fault.New(fault.Invalid, KeyServerOld, "version", version, "need", minPostgres)
		}
		remedy := fmt.Sprintf(`CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'`,
			pgx.Identifier{name}.Sanitize())
		if encoding != "UTF8" {
			return fault.New(fault.Invalid, KeyEncoding, "database", name, "encoding", encoding, "remedy", remedy)
		}
		sorted, err := Collect(ctx, r, scanText, "SELECT v FROM (VALUES "+probeValues()+") AS probe (v) ORDER BY v")
		if err != nil {
			return err
		}
		if !byteOrdered(collation) || !slices.IsSorted(sorted) {
			return fault.New(fault.Invalid, KeyCollation, "database", name, "collation", collation, "remedy", remedy)
		}
		return nil
	})
}

func scanText(s Scanner) (v string, err error) { return v, s.Scan(&v) }

// byteOrdered says whether the named collation is one of those that compare bytes. C.UTF-8 compares code points, which
// is the same order.
func byteOrdered(collation string) bool {
	switch strings.ToUpper(strings.ReplaceAll(collation, "-", "")) {
	case "C", "POSIX", "C.UTF8":
		return true
	}
	return false
}

// probeValues are words which every language's collation orders differently from their bytes: upper before lower case,
// punctuation that counts, accents after all of ASCII, Chinese by code point and not by pinyin or stroke.
func probeValues() string {
	words := []string{"Zeta", "alpha", "Alpha", "zeta", "a b", "ab", "a-c", "éa", "园区", "一", "丁", "安溪", "泉州", "鲤城", "𠀀", "Ａ"}
	return "('" + strings.Join(words, "'),('") + "')"
}

func postgresDialect(host string) dialect {
	return dialect{
		engine:     Postgres,
		beginRead:  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		beginWrite: "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE",
		hasTable:   "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = $1",
		classify:   func(err error) error { return postgresFault(host, err) },
		transient: func(err error) bool { // serialization_failure, deadlock_detected
			code := sqlState(err)
			return code == "40001" || code == "40P01"
		},
		lost:  postgresLost,
		batch: postgresBatch,
		script: func(ctx context.Context, c *sql.Conn, text string) error {
			return c.Raw(func(dc any) error {
				_, err := dc.(*stdlib.Conn).Conn().PgConn().Exec(ctx, text).ReadAll()
				return err
			})
		},
		exclusive: func(ctx context.Context, c *sql.Conn) (func() error, error) {
			if _, err := c.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
				return nil, err
			}
			return func() error {
				_, err := c.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
				return err
			}, nil
		},
	}
}

// postgresBatch sends executions in one go and reads all answers. The error is the first one's.
func postgresBatch(ctx context.Context, c *sql.Conn, items []queued) error {
	return c.Raw(func(dc any) error {
		b := &pgx.Batch{}
		for _, q := range items {
			b.Queue(q.text, q.values...)
		}
		return dc.(*stdlib.Conn).Conn().SendBatch(ctx, b).Close()
	})
}

func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// postgresLost says whether the connection broke, was closed by an ending server, or was never there.
func postgresLost(err error) bool {
	if err == nil {
		return false
	}
	if code := sqlState(err); code != "" {
		return strings.HasPrefix(code, "57P") || strings.HasPrefix(code, "08")
	}
	var n net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.SafeToRetry(err) ||
		errors.As(err, &n) || errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
}

func postgresFault(host string, err error) error {
	code := sqlState(err)
	switch code {
	case "23505", "23P01":
		return fault.Because(err, fault.Exists, KeyRowExists)
	case "23503", "23001":
		return fault.Because(err, fault.Invalid, KeyRowViolates, "constraint", "fk")
	case "23514":
		return fault.Because(err, fault.Invalid, KeyRowViolates, "constraint", "check")
	case "23502":
		return fault.Because(err, fault.Invalid, KeyRowViolates, "constraint", "not_null")
	case "40001", "40P01", "55P03", "57014", "53300":
		return fault.Because(err, fault.Busy, KeyBusy, "attempts", 1)
	case "25006":
		return fault.Because(err, fault.Internal, KeyReadOnly)
	case "53100":
		return fault.Because(err, fault.Busy, KeyDiskFull, "directory", host, "free", 0, "need", minFree)
	case "XX001", "XX002":
		return fault.Because(err, fault.Internal, KeyCorrupt, "path", host)
	case "3D000", "28000", "28P01":
		return fault.New(fault.Invalid, KeyRefused, "host", host, "code", code)
	case "":
		if postgresLost(err) {
			return fault.Because(err, fault.Busy, KeyUnreachable, "host", host)
		}
	}
	if postgresLost(err) {
		return fault.Because(err, fault.Busy, KeyUnreachable, "host", host)
	}
	return fault.Because(err, fault.Internal, "internal")
}
