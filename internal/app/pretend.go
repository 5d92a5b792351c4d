package app

import (
	"context"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/kit/period"
)

// pretendHour is the hour of the pretended day, UTC, at which the server starts: morning in the offices.
const pretendHour = 1

// pretend lets the server take another day for today, from which its clock goes on: a demo's last return is of a month that
// is long over, and nobody could file or approve anything. Only a city of simulated rows may: a real one's trail must bear
// the true time. Errors: those of period.ParseDate; Denied "serve.today_real".
func (c *city) pretend(ctx context.Context, today string) error {
	day, err := period.ParseDate(today)
	if err != nil || int(day)%100 == 0 {
		return fault.New(fault.Invalid, "serve.today_invalid", "text", today)
	}
	view, err := indicator.NewPanels(c.db, c.ref.ID, c.now).Now(ctx)
	if err != nil {
		return err
	}
	if !view.Simulated() {
		return fault.New(fault.Denied, "serve.today_real")
	}
	start := time.Date(day.Year(), time.Month(day.Month().Month()), int(day)%100, pretendHour, 0, 0, 0, time.UTC)
	moved, real := *c.host, c.host.now
	offset := start.Sub(real())
	moved.now = func() time.Time { return real().Add(offset) }
	c.host = &moved
	c.ids = id.NewMaker(c.now, c.random)
	return nil
}
