package tenancy_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy"
	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

// opens opens a tenancy as somebody of a place and gives the fault's key, if any.
func opens(t *testing.T, d *db.DB, place string, o tenancy.Opening) (v tenancy.Tenancy, key string) {
	t.Helper()
	o.Source = "入驻协议"
	err := d.Write(t.Context(), func(w db.Writer) (err error) {
		v, err = tenancy.Open(t.Context(), w, tenancytest.Act(tenancytest.Scopes[place]), o)
		return err
	})
	if f, ok := fault.Of(err); ok {
		key = f.Key
	} else if err != nil {
		t.Fatal(err)
	}
	return v, key
}

func TestOpen_takesTheEnterpriseThatTheCityHas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		var known enterprise.Known
		code := tenancytest.USCC(t, 1)
		read := func(fn func(r db.Reader) error) {
			t.Helper()
			if err := d.Read(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		read(func(r db.Reader) (err error) {
			known, err = enterprise.ByCode(t.Context(), r, tenancytest.Scopes["city"], code)
			return err
		})
		if known.ID != "e-a" || len(known.Names) == 0 {
			t.Fatalf("ByCode = %+v, want e-a with its names", known)
		}
		read(func(r db.Reader) error {
			hidden, err := enterprise.ByCode(t.Context(), r, tenancytest.Scopes["350583"], code)
			if !hidden.Taken || hidden.ID != "" || hidden.Name != "" || hidden.Names != nil {
				t.Errorf("ByCode for who does not see it = %+v, want only that it is taken", hidden)
			}
			return err
		})
		area := int64(1200)
		// registered in the other county: that county's office would come to see it
		if _, key := opens(t, d, "350583", tenancy.Opening{Park: "p-na", USCC: string(code), Name: "猜的名称"}); key != "tenancy.enterprise_elsewhere" {
			t.Errorf("Open by an office that does not see the enterprise = %q, want tenancy.enterprise_elsewhere", key)
		}
		v, key := opens(t, d, "city", tenancy.Opening{Park: "p-na", USCC: string(code), AreaM2: &area})
		if key != "" || v.Enterprise != "e-a" || v.Park != "p-na" || *v.AreaM2 != 1200 || len(v.Entries) != 0 || v.Version != 1 {
			t.Errorf("Open = %+v %s, want e-a in p-na without entries", v, key)
		}
		if _, key := opens(t, d, "350583", tenancy.Opening{Park: "p-na", USCC: string(code), Name: known.Name}); key != "tenancy.already_there" {
			t.Errorf("Open again = %q, want tenancy.already_there", key)
		}
		if _, key := opens(t, d, "350582", tenancy.Opening{Park: "p-jj", USCC: string(code), Name: "别的公司"}); key != "tenancy.other_name" {
			t.Errorf("Open under another name = %q, want tenancy.other_name", key)
		}
	})
}

func TestOpen_addsAnEnterpriseThatIsNew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		code := string(tenancytest.USCC(t, 77))
		v, key := opens(t, d, "op", tenancy.Opening{Park: "p-op", USCC: " " + code + " ", Name: " 新来机械有限公司 ", Industry: "C34", Relocated: true})
		if key != "" || !v.Relocated {
			t.Fatalf("Open = %+v %s", v, key)
		}
		err := d.Read(t.Context(), func(r db.Reader) error {
			e, err := enterprise.Get(t.Context(), r, auth.Whole(tenancytest.City), v.Enterprise)
			if got, want := fmt.Sprint(e.Name, " ", e.Org, " ", e.Industry, " ", e.Nature, " ", e.Source), "新来机械有限公司 op 34 declared 入驻协议"; got != want {
				t.Errorf("enterprise = %s, want %s", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestOpen_refusesAndWritesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tenancytest.Fill(t, d)
		code, negative := string(tenancytest.USCC(t, 78)), int64(-1)
		before := count(t, d)
		for _, x := range []struct {
			place string
			o     tenancy.Opening
			key   string
		}{
			{"350582", tenancy.Opening{Park: "p-na", USCC: code, Name: "甲"}, "park.not_found"},
			{"350583", tenancy.Opening{Park: "p-jj", USCC: code, Name: "甲"}, "park.not_found"},
			{"e-a", tenancy.Opening{Park: "p-op", USCC: code, Name: "甲"}, "park.not_found"},
			{"none", tenancy.Opening{Park: "p-op", USCC: code, Name: "甲"}, "park.not_found"},
			{"city", tenancy.Opening{Park: "p-op", USCC: "123", Name: "甲"}, "uscc.length"},
			{"city", tenancy.Opening{Park: "p-op", USCC: code}, "enterprise.no_name"},
			{"city", tenancy.Opening{Park: "p-op", USCC: code, Name: "甲", AreaM2: &negative}, "tenancy.negative_area"},
			{"city", tenancy.Opening{Park: "p-op", USCC: string(tenancytest.USCC(t, 1))}, "tenancy.already_there"}, // e-a produces there
		} {
			if _, key := opens(t, d, x.place, x.o); key != x.key {
				t.Errorf("Open(%+v) as %s = %q, want %q", x.o, x.place, key, x.key)
			}
		}
		if _, key := opens(t, d, "350582", tenancy.Opening{Park: "p-jj", USCC: string(tenancytest.USCC(t, 4))}); key != "" { // e-d was cleared there
			t.Errorf("Open of one that was cleared = %q, want it back", key)
		}
		if after := count(t, d); after != before+1 {
			t.Errorf("%d enterprises and tenancies were added, want the one", after-before)
		}
	})
}

// count counts enterprises and tenancies.
func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	err := d.Read(t.Context(), func(r db.Reader) error {
		var more int
		err := r.QueryRow(context.Background(), `SELECT COUNT(*) FROM enterprise`).Scan(&more)
		n += more
		if err == nil {
			err = r.QueryRow(context.Background(), `SELECT COUNT(*) FROM tenancy`).Scan(&more)
			n += more
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
