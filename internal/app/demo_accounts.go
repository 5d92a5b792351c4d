package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/form"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// demoCounty is the county whose office, operator and enterprise the demo's accounts are.
const demoCounty = "350582"

// demoAccount is one account with which the demo can be seen as that office sees it.
type demoAccount struct {
	username, name string
	place          auth.Place
}

// demoAccounts makes an account for each role, all with the administrator's password: a demo holds no real enterprise. They
// are made as in an office: one makes the account, another gives the rights, the user sets the password.
func (c *city) demoAccounts(ctx context.Context, users *auth.Service) error {
	password := c.settings.AdminPassword
	_, admin, err := users.Login(ctx, "admin", password, "")
	if err != nil {
		return err
	}
	firm, err := c.demoFirm(ctx)
	if err != nil {
		return err
	}
	guard, err := c.demoUser(ctx, users, admin, admin, demoAccount{"security", "安全管理员", auth.Place{Role: auth.SecurityAdmin}})
	if err != nil {
		return err
	}
	names := []string{guard.Username}
	for _, a := range []demoAccount{
		{"audit", "审计管理员", auth.Place{Role: auth.AuditAdmin}},
		{"city", "市园区办", auth.Place{Role: auth.CityOffice, Org: c.ref.ID}},
		{"county", "晋江市园区办", auth.Place{Role: auth.CountyOffice, Org: demoCounty}},
		{"park", "晋江市园区运营方", auth.Place{Role: auth.ParkOperator, Org: demoCounty}},
		{"enterprise", "企业填报员", auth.Place{Role: auth.Enterprise, Enterprise: firm}},
		{"viewer", "查阅者", auth.Place{Role: auth.Viewer, Org: c.ref.ID}},
	} {
		if _, err := c.demoUser(ctx, users, admin, guard, a); err != nil {
			return err
		}
		names = append(names, a.username)
	}
	fmt.Fprintf(c.stdout, "accounts with the same password: %s\n", strings.Join(names, ", "))
	return nil
}

func (c *city) demoUser(ctx context.Context, users *auth.Service, maker, granter auth.User, a demoAccount) (auth.User, error) {
	u, once, err := users.CreateUser(ctx, maker, auth.NewUser{Username: a.username, Name: a.name})
	if err != nil {
		return u, err
	}
	if u, err = users.Grant(ctx, granter, auth.UserAt{ID: u.ID, Version: u.Version}, a.place); err != nil {
		return u, err
	}
	if _, err := users.ChangePassword(ctx, u, once, c.settings.AdminPassword); err != nil {
		return u, err
	}
	_, u, err = users.Login(ctx, a.username, c.settings.AdminPassword, "")
	return u, err
}

// demoFirm is an enterprise of the county that still owes its last return.
func (c *city) demoFirm(ctx context.Context) (id string, err error) {
	err = c.db.Read(ctx, func(r db.Reader) error {
		lib, err := form.Load(ctx, r, c.ref.ID)
		if err != nil {
			return err
		}
		rows, _, err := filing.List(ctx, r, auth.Whole(c.ref.ID), lib, filing.ListQuery{Form: "enterprise_monthly", State: filing.Owed, Limit: 1,
			Period: (period.MonthAt(demoRecorded) - 1).String(), Below: c.ref.ID + "." + demoCounty + "."})
		if err == nil && len(rows) > 0 {
			id = rows[0].Subject
		}
		return err
	})
	return id, err
}

// demoClosing closes the month before the last one, so that there is something to compare with.
func (c *city) demoClosing(ctx context.Context) error {
	book, err := indicator.Load()
	if err != nil {
		return err
	}
	_, err = c.closeOnce(ctx, indicator.NewPanels(c.db, c.ref.ID, c.now), book, period.MonthAt(demoRecorded)-2, "按月封账（演示）")
	return err
}
