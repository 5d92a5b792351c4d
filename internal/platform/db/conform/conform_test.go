package conform_test

import (
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/conform"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestSQLite_conforms(t *testing.T) {
	conform.Run(t, func(t testing.TB) *db.DB { return dbtest.At(t, dbtest.Empty(t, db.SQLite)) })
}

func TestPostgres_conforms(t *testing.T) {
	conform.Run(t, func(t testing.TB) *db.DB { return dbtest.At(t, dbtest.Empty(t, db.Postgres)) })
}
