package auth

import (
	"fmt"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/db/dbtest"
)

func TestPeople_areOfficesAndOperatorsInUse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for i, u := range [][3]string{{"z.city", "city_office", "350500"}, {"a.county", "county_office", "350582"}, {"m.op", "park_operator", "op1"}, {"gone", "county_office", "350582"},
			{"viewer", "viewer", "350582"}, {"admin", "system_admin", ""}, {"firm", "enterprise", ""}} {
			org := "NULL"
			if u[2] != "" {
				org = "'" + u[2] + "'"
			}
			disabled := 0
			if u[0] == "gone" {
				disabled = 1
			}
			w.exec(fmt.Sprintf(`INSERT INTO app_user (city, id, username, name, role, org, password_hash, must_change, disabled, failed_tries, created_at, version)
				VALUES ('350500', 'p%d', '%s', '', '%s', %s, '', 0, %d, 0, 1, 1)`, i, u[0], u[1], org, disabled))
		}
		err := d.Read(w.ctx, func(r db.Reader) error {
			people, err := People(w.ctx, r, city)
			var got []string
			for _, p := range people {
				got = append(got, p.Username+" "+p.OrgPath)
			}
			if s := strings.Join(got, "|"); s != "a.county 350500.350582.|m.op 350500.350582.jjk.op1.|z.city 350500." {
				t.Errorf("People = %s, want the three who work, by username", s)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestCovers_isThePlaceAndWhatLiesBelow(t *testing.T) {
	for _, c := range []struct {
		place, path string
		want        bool
	}{
		{"350500.", "350500.350582.", true}, {"350500.350582.", "350500.350582.", true}, {"350500.350582.", "350500.350582.jjk.", true},
		{"350500.350582.", "350500.", false}, {"350500.350582.", "350500.350583.", false}, {"350500.35058.", "350500.350582.", false},
		{"", "350500.", false}, {"350500.", "", false}, {".", "350500.", false},
	} {
		if got := (Person{OrgPath: c.place}).Covers(c.path); got != c.want {
			t.Errorf("Person at %q covers %q = %v, want %v", c.place, c.path, got, c.want)
		}
	}
}
