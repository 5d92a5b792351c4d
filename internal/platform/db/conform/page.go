package conform

import (
	"context"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
)

var pageChecks = []check{{"page_millionRowsByKeyset", millionRows}}

// millionRows fills a table whose sort column has many equal values, and whose rows lie in another order than their keys,
// and reads it page by page: every row once, in order, each page from where the last one ended.
func millionRows(t *testing.T, d *db.DB) {
	doublings, pageSize := 20, 5000 // 2^20 = 1,048,576 rows
	switch {
	case testing.Short():
		doublings = 14
	case raced && d.Engine() == db.SQLite:
		doublings = 16 // the million runs without the race detector; with it it took three minutes
	}
	total := int64(1) << doublings
	must(t, d, "CREATE TABLE item (city TEXT NOT NULL, name TEXT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (city, name, id))",
		"CREATE TABLE seed (n BIGINT NOT NULL PRIMARY KEY)", "INSERT INTO seed (n) VALUES (0)")
	for n := int64(1); n < total; n *= 2 {
		write(t, d, func(ctx context.Context, w db.Writer) error {
			_, err := w.Exec(ctx, "INSERT INTO seed (n) SELECT n + $1 FROM seed", n)
			return err
		})
	}
	// 2654435761 is odd, so the product runs through every remainder: a shuffle that both engines compute alike.
	must(t, d, `INSERT INTO item (city, name, id)
		SELECT '泉州', '园' || CAST((n * 2654435761) % 997 AS TEXT), (n * 2654435761) % 4294967296 FROM seed`)

	var rows, pages int64
	var name string
	id := int64(-1)
	for {
		n, lastName, lastID := page(t, d, name, id, pageSize)
		if n == 0 {
			break
		}
		rows, pages, name, id = rows+int64(n), pages+1, lastName, lastID
	}
	if want := (total + int64(pageSize) - 1) / int64(pageSize); rows != total || pages != want {
		t.Errorf("paging gave %d rows on %d pages, want %d on %d", rows, pages, total, want)
	}
}

// page reads the rows after (name, id), checks that they rise, and gives their number and the last one.
func page(t *testing.T, d *db.DB, name string, id int64, limit int) (n int, lastName string, lastID int64) {
	t.Helper()
	ctx := context.Background()
	lastName, lastID = name, id
	err := d.Read(ctx, func(r db.Reader) error {
		return db.Each(ctx, r, func(s db.Scanner) error {
			var nm string
			var i int64
			if err := s.Scan(&nm, &i); err != nil {
				return err
			}
			if nm < lastName || nm == lastName && i <= lastID {
				t.Fatalf("row (%s, %d) after (%s, %d): not rising", nm, i, lastName, lastID)
			}
			n, lastName, lastID = n+1, nm, i
			return nil
		}, "SELECT name, id FROM item WHERE city = $1 AND (name, id) > ($2, $3) ORDER BY name, id LIMIT $4", "泉州", name, id, limit)
	})
	if err != nil {
		t.Fatalf("page after (%s, %d) = %v", name, id, err)
	}
	return n, lastName, lastID
}
