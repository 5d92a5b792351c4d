package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const benchRows, benchColumns = 20_000, 20

func benchTable() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		head := []string{"id", "name"}
		for i := 2; i < benchColumns; i++ {
			head = append(head, fmt.Sprint("column", i))
		}
		if !yield(head) {
			return
		}
		for i := range benchRows {
			row := slices.Repeat([]string{fmt.Sprint(i), "泉州洛江区数字经济产业园", "131.2", ""}, benchColumns/4)
			if !yield(row) {
				return
			}
		}
	}
}

func benchRead(b *testing.B, write func(io.Writer, iter.Seq[[]string]) error) []byte {
	var file bytes.Buffer
	if err := write(&file, benchTable()); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

func benchOurs(b *testing.B, data []byte) {
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		table, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{Columns: people})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range table.Rows(context.Background(), new(Problems)) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != benchRows {
			b.Fatalf("rows = %d, want %d", n, benchRows)
		}
	}
}

func BenchmarkRows_csv(b *testing.B) { benchOurs(b, benchRead(b, WriteCSV)) }

func BenchmarkRows_xlsx(b *testing.B) {
	benchOurs(b, benchRead(b, func(w io.Writer, rows iter.Seq[[]string]) error { return WriteXLSX(w, "清单", rows) }))
}

// BenchmarkLibraryRows_xlsx streams the same workbook with the library alone, for comparison.
func BenchmarkLibraryRows_xlsx(b *testing.B) {
	data := benchRead(b, func(w io.Writer, rows iter.Seq[[]string]) error { return WriteXLSX(w, strings.Repeat("a", 3), rows) })
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows("aaa")
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
