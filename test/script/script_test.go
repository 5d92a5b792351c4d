// Package script runs the command line as people and scripts do: each file of testdata is a script and what it must say.
package script

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	_ "modernc.org/sqlite" // the ledger is looked at without the program

	"github.com/parkbrain/parkbrain/internal/app"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"parkbrain": func() { os.Exit(app.Main(os.Args[1:])) }})
}

func TestScripts(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	real := filepath.Join(root, "..", "shared", "data", "quanzhou", "parks.csv")
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LC_ALL", "en_US.UTF-8")
			e.Setenv("PARKBRAIN_ADMIN_PASSWORD", "correct horse battery")
			e.Setenv("ROOT", root)
			e.Setenv("REAL", real)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "real-list" {
				return false, fmt.Errorf("no condition is called %q", name)
			}
			_, err := os.Stat(real)
			return err == nil, nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"workbook": workbook, "same-ledger": sameLedger, "rows": rows,
		},
	})
}

// workbook LIST.csv BOOK.xlsx writes a list as a workbook.
func workbook(ts *testscript.TestScript, _ bool, args []string) {
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(ts.ReadFile(args[0]), "\ufeff"))).ReadAll()
	ts.Check(err)
	f := excelize.NewFile()
	for i, record := range records {
		ts.Check(f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &record))
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
	ts.Check(f.Close())
}

// same-ledger DIR DIR compares every row of two ledgers, but for what an administrator's password makes different.
func sameLedger(ts *testscript.TestScript, neg bool, args []string) {
	a, b := dump(ts, args[0]), dump(ts, args[1])
	var differ []string
	for _, table := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(keys(a), keys(b))))) {
		if a[table] != b[table] {
			differ = append(differ, table)
		}
	}
	if len(a) < 20 {
		ts.Fatalf("the ledger has only %d tables", len(a))
	}
	if (len(differ) > 0) != neg {
		ts.Fatalf("tables of different content: %v, want some = %v", differ, neg)
	}
}

func keys(m map[string]string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

// rows DIR TABLE N counts.
func rows(ts *testscript.TestScript, _ bool, args []string) {
	d := open(ts, args[0])
	defer func() { ts.Check(d.Close()) }()
	var n string
	ts.Check(d.QueryRow("SELECT COUNT(*) FROM " + args[1]).Scan(&n)) // the script's own words
	if n != args[2] {
		ts.Fatalf("%s has %s rows, want %s", args[1], n, args[2])
	}
}

func open(ts *testscript.TestScript, dir string) *sql.DB {
	file := filepath.Join(ts.MkAbs(dir), "parkbrain.db")
	_, err := os.Stat(file)
	ts.Check(err)
	d, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file, RawQuery: "mode=ro"}).String())
	ts.Check(err)
	return d
}

// random are columns that hold a salt.
var random = map[string]bool{"app_user.password_hash": true}

// dump gives each table's digest and number of rows.
func dump(ts *testscript.TestScript, dir string) map[string]string {
	d := open(ts, dir)
	defer func() { ts.Check(d.Close()) }()
	out := map[string]string{}
	for _, name := range column(ts, d, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") {
		if name == "session" || name == "schema_migration" { // when this program was started is no content
			continue
		}
		var columns []string
		for _, c := range column(ts, d, "SELECT name FROM pragma_table_info('"+name+"') ORDER BY cid") {
			if !random[name+"."+c] {
				columns = append(columns, "quote("+c+")")
			}
		}
		lines := column(ts, d, "SELECT "+strings.Join(columns, " || '|' || ")+" AS line FROM "+name+" ORDER BY line")
		out[name] = fmt.Sprintf("%d rows %x", len(lines), sha256.Sum256([]byte(strings.Join(lines, "\n"))))
	}
	return out
}

func column(ts *testscript.TestScript, d *sql.DB, query string) (out []string) {
	rows, err := d.Query(query)
	ts.Check(err)
	defer func() { _ = rows.Close() }() // its error is rows.Err
	for rows.Next() {
		var b bytes.Buffer
		var text sql.RawBytes
		ts.Check(rows.Scan(&text))
		b.Write(text)
		out = append(out, b.String())
	}
	ts.Check(rows.Err())
	return out
}
