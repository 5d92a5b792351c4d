package vintage_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/audit"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

type enterpriseID = enterprise.ID

func TestClose_keepsWhatTheMonthSaidWhateverIsRecordedLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		v := w.close("月度封账")
		if v.No != 1 || v.Month != june || v.Actor != "tester" || !v.At.Equal(tenancytest.At) || len(v.Parts) != 4 {
			t.Errorf("Close = %+v", v)
		}
		before := bundleOf(t, w.get(1))
		w.correct("e-a", 1200)
		w.file("e-d", june, 300)
		w.exec(`UPDATE enterprise SET industry = '18', name = '别的名字' WHERE id = 'e-a'`)
		k := w.get(1)
		if got := bundleOf(t, k); !bytes.Equal(got, before) {
			t.Error("the vintage is another one after corrections")
		}
		if c := k.Check(); !c.OK || c.Recomputed != v.Digest || c.Why != nil || c.Trail != vintage.TrailSame {
			t.Errorf("Check = %+v, want OK", c)
		}
		month, year := valueOf(t, k, "filing.output.year", tenancytest.City)
		if month.N != 1700*yuan || month.D != yuan || year.N != 3400*yuan || strings.Join(month.Natures, " ") != "declared" {
			t.Errorf("output of June = %v, of the year = %v, want 1700 and 3400 yuan", month, year)
		}
		if month, year := valueOf(t, k, "filing.output.new", tenancytest.City); month.N != 0 || year.N != 0 {
			t.Errorf("new output = %v and %v, want 0: the months of both years are the same", month, year)
		}
		if month, _ := valueOf(t, k, "filing.output.year", "350583"); month.N != 700*yuan {
			t.Errorf("output of 350583 = %v, want the 700 yuan of e-b and e-c", month)
		}
	})
}

func TestClose_aCorrectionMakesTheNextNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		one := w.close("月度封账")
		_, err := w.tryClose(act(), june, "再封一次")
		wantFault(t, "Close without a difference", err, fault.Exists, "closing.no_difference")
		w.file("e-a", june+2, 700) // a later month is no difference
		_, err = w.tryClose(act(), june, "再封一次")
		wantFault(t, "Close after a later month", err, fault.Exists, "closing.no_difference")
		w.correct("e-a", 1200)
		two := w.close("甲企业更正")
		if two.No != 2 || two.Digest == one.Digest || two.Parts[vintage.Rules] != one.Parts[vintage.Rules] || two.Parts[vintage.Inputs] == one.Parts[vintage.Inputs] {
			t.Errorf("the second closing = %+v", two)
		}
		if month, _ := valueOf(t, w.get(0), "filing.output.year", tenancytest.City); month.N != 1900*yuan {
			t.Errorf("the latest says %v, want 1900 yuan", month)
		}
		if month, _ := valueOf(t, w.get(1), "filing.output.year", tenancytest.City); month.N != 1700*yuan {
			t.Errorf("the first says %v, want 1700 yuan", month)
		}
		w.correct("e-a", 1000) // back again: the first's texts, and still a closing of its own
		if three := w.close("更正有误"); three.No != 3 || three.Digest != one.Digest {
			t.Errorf("the third closing = %+v, want the digest of the first", three)
		}
	})
}

func TestClose_refuses(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newTown(t, d)
	county := tenancytest.Act(tenancytest.Scopes["350582"])
	for _, c := range []struct {
		what, reason, key string
		m                 period.Month
		kind              fault.Kind
	}{
		{"the present month", "r", "closing.not_over", period.MonthOf(2025, 7), fault.Invalid},
		{"a month to come", "r", "closing.not_over", period.MonthOf(2026, 1), fault.Invalid},
		{"no reason", " \n", "closing.no_reason", june, fault.Invalid},
		{"a long reason", strings.Repeat("因", 501), "text.too_long", june, fault.Invalid},
		{"a reason that is no text", "a\x00b", "text.invalid", june, fault.Invalid},
	} {
		_, err := w.tryClose(act(), c.m, c.reason)
		wantFault(t, c.what, err, c.kind, c.key)
	}
	_, err := w.tryClose(county, june, "r")
	wantFault(t, "a county", err, fault.Denied, "vintage.whole_city")
	draft := w.take(june)
	w.file("e-d", june, 300)
	err = tenancytest.Try(d, func(ctx context.Context, tx db.Writer) error {
		_, err := vintage.Close(ctx, tx, act(), draft, "r")
		return err
	})
	wantFault(t, "a draft of before", err, fault.Stale, "closing.ledger_moved")
	if _, err := w.tryClose(act(), period.MonthOf(2025, 6), "上月"); err != nil {
		t.Errorf("Close of the month before = %v, want nil", err)
	}
}

func TestClose_writesOneAuditLineWithTheDigests(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newTown(t, d)
	v := w.close("月度封账")
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		lines, err := audit.List(ctx, r, tenancytest.City, 0, 1)
		if err != nil {
			return err
		}
		l := lines[0]
		if l.Action != "closing.make" || l.Kind != "vintage" || l.Entity != "2024-06#1" || l.Actor != "tester" || l.Seq != v.Sequence+1 {
			t.Errorf("the line = %+v", l)
		}
		for _, want := range []string{v.Digest, v.Parts[vintage.Inputs], v.Parts[vintage.Results], "月度封账"} {
			if !strings.Contains(l.Detail, want) {
				t.Errorf("the line's detail %s has no %s", l.Detail, want)
			}
		}
		return nil
	})
}

func TestGet_onlyForTheWholeCity(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newTown(t, d)
	w.close("月度封账")
	tenancytest.Read(t, d, func(ctx context.Context, r db.Reader) error {
		for name, s := range tenancytest.Scopes {
			_, err := vintage.Get(ctx, r, s, june, 1)
			switch name {
			case "city":
				if err != nil {
					t.Errorf("Get by the city = %v", err)
				}
			case "elsewhere":
				if err == nil {
					t.Error("Get by another city's county = nil")
				}
			default:
				wantFault(t, "Get by "+name, err, fault.Denied, "vintage.whole_city")
			}
			list, err := vintage.List(ctx, r, s)
			if want := map[string]int{"elsewhere": 0, "none": 0, "no place": 0}; err != nil || len(list) != 1 && want[name] != len(list) {
				t.Errorf("List by %s = %v, %v", name, list, err)
			}
		}
		_, err := vintage.Get(ctx, r, tenancytest.Scopes["city"], june, 2)
		wantFault(t, "Get of no vintage", err, fault.NotFound, "vintage.not_found")
		_, err = vintage.Get(ctx, r, tenancytest.Scopes["city"], june-1, 0)
		wantFault(t, "Get of an open month", err, fault.NotFound, "vintage.not_found")
		return nil
	})
}

func TestCheck_findsAndNamesWhatWasTamperedWith(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		w.close("月度封账")
		w.correct("e-a", 1200)
		w.close("更正")
		for _, part := range []string{vintage.Inputs, vintage.Rules, vintage.Results, vintage.Completeness} {
			digest, bytes := w.row(1, part)
			for how, set := range map[string]func(){
				"its bytes": func() { w.exec(`UPDATE vintage_part SET bytes = $1 WHERE no = 1 AND name = $2`, []byte("x"), part) },
				"bytes and digest of the other": func() {
					d2, b2 := w.row(2, part)
					if part == vintage.Rules || part == vintage.Completeness {
						d2 = strings.Repeat("0", 64) // both have the same text
					}
					w.exec(`UPDATE vintage_part SET digest = $1, bytes = $2 WHERE no = 1 AND name = $3`, d2, b2, part)
				},
				"nothing of it left": func() { w.exec(`DELETE FROM vintage_part WHERE no = 1 AND name = $1`, part) },
			} {
				set()
				c := w.get(1).Check()
				if c.OK {
					t.Errorf("%s, %s: Check = OK", part, how)
				}
				// Changed inputs with a digest of their own are right in themselves: the results do not follow from them.
				named := part
				if part == vintage.Inputs && how == "bytes and digest of the other" {
					named = vintage.Results
				}
				for _, p := range c.Parts {
					if p.OK != (p.Name != named) && (p.Name == named || p.Kept != p.Found) {
						t.Errorf("%s, %s: part %s OK = %v", part, how, p.Name, p.OK)
					}
				}
				w.exec(`DELETE FROM vintage_part WHERE no = 1 AND name = $1`, part)
				w.exec(`INSERT INTO vintage_part (city, period, no, name, chunk, digest, bytes) VALUES ($1, '2024-06', 1, $2, 0, $3, $4)`, tenancytest.City, part, digest, bytes)
				if c := w.get(1).Check(); !c.OK {
					t.Fatalf("%s, %s: Check after putting it back = %+v", part, how, c)
				}
			}
		}
		w.exec(`UPDATE vintage SET digest = $1 WHERE no = 1`, strings.Repeat("0", 64))
		if c := w.get(1).Check(); c.OK {
			t.Error("Check with another digest in the head = OK")
		}
		// Whoever puts a whole other closing in its place is found by the trail alone.
		other := w.get(2)
		w.exec(`DELETE FROM vintage_part WHERE no = 1`)
		w.exec(`INSERT INTO vintage_part (city, period, no, name, chunk, digest, bytes) SELECT city, period, 1, name, chunk, digest, bytes FROM vintage_part WHERE no = 2`)
		w.exec(`UPDATE vintage SET digest = $1 WHERE no = 1`, other.Digest)
		c := w.get(1).Check()
		if c.OK || c.Trail != vintage.TrailOther || c.Recomputed != other.Digest {
			t.Errorf("Check of another closing in its place = %+v, want the trail to know better", c)
		}
	})
}

func (w *town) row(no int64, part string) (digest string, bytes []byte) {
	w.t.Helper()
	tenancytest.Read(w.t, w.d, func(ctx context.Context, r db.Reader) error {
		return r.QueryRow(ctx, `SELECT digest, bytes FROM vintage_part WHERE no = $1 AND name = $2`, no, part).Scan(&digest, &bytes)
	})
	return digest, bytes
}

func TestBundle_goesToTheOtherEngineAndBack(t *testing.T) {
	for _, way := range [][2]db.Engine{{db.SQLite, db.Postgres}, {db.Postgres, db.SQLite}} {
		t.Run(string(way[0])+" to "+string(way[1]), func(t *testing.T) {
			there := dbtest.Open(t, way[1]) // skips first where there is none
			w := newTown(t, dbtest.Open(t, way[0]))
			v := w.close("月度封账")
			file := bundleOf(t, w.get(1))
			k, err := vintage.ReadBundle(bytes.NewReader(file), int64(len(file)))
			if err != nil {
				t.Fatalf("ReadBundle = %v", err)
			}
			for _, want := range []bool{true, false} {
				tenancytest.Write(t, there, func(ctx context.Context, tx db.Writer) error {
					made, err := vintage.Import(ctx, tx, act(), k)
					if made != want {
						t.Errorf("Import = %v, want %v", made, want)
					}
					return err
				})
			}
			far := (&town{t, there, w.book}).get(1)
			if got := bundleOf(t, far); !bytes.Equal(got, file) {
				t.Error("the bundle of the other engine is another file")
			}
			if c := far.Check(); !c.OK || c.Recomputed != v.Digest || c.Trail != vintage.TrailSilent {
				t.Errorf("Check on the other engine = %+v", c)
			}
			// The same ledger closed there gives the same texts.
			same := newTown(t, dbtest.Open(t, way[1]))
			if got := same.close("月度封账"); got.Digest != v.Digest {
				t.Errorf("the digest of the same ledger on %s = %s, want %s", way[1], got.Digest, v.Digest)
			}
			for _, part := range []string{vintage.Inputs, vintage.Rules, vintage.Results, vintage.Completeness} {
				if got, want := text(t, same.get(1), part), text(t, w.get(1), part); got != want {
					t.Errorf("%s on %s = %s\nwant %s", part, way[1], got, want)
				}
			}
		})
	}
}

func TestImport_refusesWhatDoesNotVerify(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	w := newTown(t, d)
	w.close("月度封账")
	one := w.get(1)
	other := newTown(t, dbtest.Open(t, db.SQLite))
	other.correct("e-a", 1)
	other.close("月度封账")
	try := func(k *vintage.Kept) error {
		return tenancytest.Try(d, func(ctx context.Context, tx db.Writer) error {
			_, err := vintage.Import(ctx, tx, act(), k)
			return err
		})
	}
	wantFault(t, "Import of another first closing", try(other.get(1)), fault.Exists, "vintage.exists")
	bad := *one
	bad.No, bad.Digest = 2, strings.Repeat("0", 64)
	wantFault(t, "Import of another digest", try(&bad), fault.Invalid, "vintage.does_not_verify")
	far := *one
	far.City = "350200"
	wantFault(t, "Import of another city", try(&far), fault.Invalid, "vintage.other_city")
}

func TestReadBundle_refusesAnotherFile(t *testing.T) {
	w := newTown(t, dbtest.Open(t, db.SQLite))
	w.close("月度封账")
	file := bundleOf(t, w.get(1))
	for name, bad := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "half": file[:len(file)/2],
		"another form": bytes.Replace(file, []byte("parkbrain vintage 1"), []byte("parkbrain vintage 9"), 1),
		"no month":     bytes.Replace(file, []byte(`"2024-06"`), []byte(`"2024-6x"`), 1)} {
		_, err := vintage.ReadBundle(bytes.NewReader(bad), int64(len(bad)))
		wantFault(t, "ReadBundle of "+name, err, fault.Invalid, "vintage.bad_bundle")
	}
}

// smallBundle is a bundle whose parts say nothing, made without a database: the fuzzer would wait for one.
func smallBundle(t testing.TB) []byte {
	t.Helper()
	var file, packed bytes.Buffer
	z, g := zip.NewWriter(&file), gzip.NewWriter(&packed)
	text := []byte("{}\n")
	_, err := g.Write(text)
	errs := []error{err, g.Close()}
	digest := fmt.Sprintf("%x", sha256.Sum256(text))
	add := func(name string, content []byte) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(content)
		}
		errs = append(errs, err)
	}
	add("vintage.json", fmt.Appendf(nil, `{"form":"parkbrain vintage 1","city":"350500","period":"2024-06","no":1,"at":"2025-07-01T09:00:00Z","parts":{"rules":%q,"results":%q}}`, digest, digest))
	add("rules.gz", packed.Bytes())
	add("results.gz", packed.Bytes())
	if err := errors.Join(append(errs, z.Close())...); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func FuzzReadBundle(f *testing.F) {
	f.Add(smallBundle(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		k, err := vintage.ReadBundle(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		for _, part := range []string{vintage.Inputs, vintage.Rules, vintage.Results, vintage.Completeness} {
			if _, err := k.Text(part); err != nil {
				wantFault(t, part, err, fault.Invalid, "vintage.damaged")
			}
		}
		again := bundleOf(t, k)
		if _, err := vintage.ReadBundle(bytes.NewReader(again), int64(len(again))); err != nil {
			t.Fatalf("ReadBundle of the bundle of a bundle = %v", err)
		}
	})
}

func TestTake_isTheSameForEveryClock(t *testing.T) {
	w := newTown(t, dbtest.Open(t, db.SQLite))
	w.close("月度封账")
	w.file("e-a", june+7, 900)
	later := act()
	later.At = later.At.Add(400 * 24 * time.Hour)
	_, err := w.tryClose(later, june, "一年后再封")
	wantFault(t, "Close a year later", err, fault.Exists, "closing.no_difference")
}

func TestClose_atTheSameTimeMakesOneOfEachNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		draft := w.take(june)
		errs := make([]error, 4)
		var wait sync.WaitGroup
		for i := range errs {
			wait.Go(func() {
				errs[i] = tenancytest.Try(d, func(ctx context.Context, tx db.Writer) error {
					_, err := vintage.Close(ctx, tx, act(), draft, "月度封账")
					return err
				})
			})
		}
		wait.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else {
				wantFault(t, "Close beside another", err, fault.Stale, "closing.ledger_moved") // the other's audit line
			}
		}
		if made != 1 {
			t.Errorf("%d closings were made, want 1: %v", made, errs)
		}
	})
}
