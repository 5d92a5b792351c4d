package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/enterprise"
	"github.com/parkbrain/parkbrain/internal/domain/filing"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/edge/httpserver"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// benchHTTP asks for readings over loopback as browsers do: any indicator, place, period and split, each client its own
// seeded order. Nothing caches a reading.
func (c *city) benchHTTP(ctx context.Context, r *benchReport, o benchOptions, book *indicator.Book, panels *indicator.Panels) error {
	return c.serving(ctx, book, panels, func(base string) error { return c.askAll(ctx, r, o, base, book, panels) })
}

// serving runs the city's own server on loopback as long as ask talks to it.
func (c *city) serving(ctx context.Context, book *indicator.Book, panels *indicator.Panels, ask func(base string) error) error {
	users := c.auth()
	if _, _, err := users.EnsureAdmin(ctx, c.settings.AdminPassword); err != nil {
		return err
	}
	handler, err := c.handler(users, book, panels)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- httpserver.Run(serving, ln, handler) }()
	err = ask("http://" + ln.Addr().String())
	stop()
	if closed := <-served; err == nil {
		err = closed
	}
	return err
}

type answer struct {
	took   time.Duration
	path   string
	status int
}

func (c *city) askAll(ctx context.Context, r *benchReport, o benchOptions, base string, book *indicator.Book, panels *indicator.Panels) error {
	client, err := c.loggedIn(ctx, base, o.clients)
	if err != nil {
		return err
	}
	view, err := panels.Now(ctx)
	if err != nil {
		return err
	}
	paths := readingPaths(book, view)
	answers := make([][]answer, o.clients)
	errs := make([]error, o.clients)
	var wait sync.WaitGroup
	began := time.Now()
	for n := range o.clients {
		wait.Go(func() {
			order := rand.New(rand.NewPCG(uint64(n), 7))
			for range o.requests / o.clients {
				a, err := ask(ctx, client, base, paths[order.IntN(len(paths))])
				if err != nil {
					errs[n] = err
					return
				}
				answers[n] = append(answers[n], a)
			}
		})
	}
	wait.Wait()
	all := slices.Concat(answers...)
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	slices.SortFunc(all, func(a, b answer) int { return int(a.took - b.took) })
	times := make([]time.Duration, len(all))
	r.Readings.Status = map[string]int{}
	for i, a := range all {
		times[i] = a.took
		r.Readings.Status[fmt.Sprint(a.status)]++
	}
	last := all[len(all)-1]
	r.Readings.Clients, r.Readings.Requests, r.Readings.Slowest = o.clients, len(all), last.path
	r.Readings.P50, r.Readings.P99, r.Readings.Max = ms(percentile(times, 0.5)), ms(percentile(times, 0.99)), ms(last.took)
	r.Readings.PerS = float64(len(all)) / time.Since(began).Seconds()
	return nil
}

func (c *city) loggedIn(ctx context.Context, base string, clients int) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: clients, MaxIdleConns: clients}
	client := &http.Client{Jar: jar, Transport: transport, Timeout: time.Minute}
	body, err := json.Marshal(map[string]string{"username": "admin", "password": c.settings.AdminPassword})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("bench: login: %s (a copied data directory needs its admin's password in PARKBRAIN_ADMIN_PASSWORD): %w", res.Status, errBench)
	}
	return client, nil
}

// readingPaths are the questions of the mix: every indicator in every split for years, a quarter and months, for the city
// and for each county.
func readingPaths(book *indicator.Book, view *indicator.View) (paths []string) {
	places := append([]string{""}, view.Children(view.Orgs()[0].Path)...)
	for _, d := range book.All() {
		for _, p := range []string{"2023", "2024", "2025", "2024-Q3", "2024-06", "2025-05"} {
			for _, by := range []string{"", "org", "park", "industry", "month"} {
				for _, place := range places {
					q := url.Values{"indicator": {d.Code}, "period": {p}}
					if by != "" {
						q.Set("by", by)
					}
					if place != "" {
						q.Set("org", place)
					}
					paths = append(paths, "/api/v1/readings?"+q.Encode())
				}
			}
		}
	}
	return paths
}

func ask(ctx context.Context, client *http.Client, base, path string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+path, nil)
	if err != nil {
		return answer{}, err
	}
	began := time.Now()
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return answer{}, err
	}
	took := time.Since(began)
	if res.StatusCode != http.StatusOK {
		return answer{}, fmt.Errorf("bench: %s: %s: %w", path, res.Status, errBench)
	}
	return answer{took, path, res.StatusCode}, nil
}

// benchRollUp computes a year's output by county both ways. The database groups by where the enterprise is registered,
// which in a made city is where its returns count to, so that both must give the same sums.
func (c *city) benchRollUp(ctx context.Context, r *benchReport, book *indicator.Book, panels *indicator.Panels) error {
	r.RollUp.What = "output of 2024 by county"
	q := indicator.Query{Code: "filing.output.year", Scope: auth.Whole(c.ref.ID), Period: period.Year(2024), By: indicator.ByOrg}
	fromPanel, fromSQL := map[string]int64{}, map[string]int64{}
	panelTook, err := median(func() (time.Duration, error) {
		began := time.Now()
		view, err := panels.Now(ctx)
		if err != nil {
			return 0, err
		}
		got, err := book.Read(view, q)
		took := time.Since(began)
		for _, g := range got.Groups {
			if g.Value != nil {
				fromPanel[g.Key] = g.Value.N
			}
		}
		return took, err
	}, 15)
	if err != nil {
		return err
	}
	sqlTook, err := median(func() (time.Duration, error) {
		began := time.Now()
		err := c.db.Read(ctx, func(r db.Reader) error {
			return db.Each(ctx, r, func(s db.Scanner) error {
				var county string
				var sum int64
				err := s.Scan(&county, &sum)
				fromSQL[county] = sum
				return err
			}, `SELECT e.org, CAST(SUM(v.value) AS BIGINT) FROM filing_value v JOIN enterprise e ON e.city = v.city AND e.id = v.enterprise
				WHERE v.city = $1 AND v.field = 'output' AND v.month BETWEEN 202401 AND 202412 AND v.value > 0 GROUP BY e.org ORDER BY e.org`, c.ref.ID)
		})
		return time.Since(began), err
	}, 5)
	if err != nil {
		return err
	}
	r.RollUp.PanelMS, r.RollUp.SQLMS = ms(panelTook), ms(sqlTook)
	r.RollUp.Ratio = r.RollUp.SQLMS / r.RollUp.PanelMS
	r.RollUp.SameSums = len(fromPanel) == len(fromSQL)
	for county, sum := range fromSQL {
		r.RollUp.SameSums = r.RollUp.SameSums && fromPanel[county] == sum
	}
	return nil
}

// changedRows is how many returns one commit corrects.
const changedRows = 1000

// benchChange corrects a thousand returns by one yuan each in one commit and asks for the sum again.
func (c *city) benchChange(ctx context.Context, r *benchReport, book *indicator.Book, panels *indicator.Panels) error {
	q := indicator.Query{Code: "filing.output.year", Scope: auth.Whole(c.ref.ID), Period: period.Year(2024)}
	view, err := panels.Now(ctx)
	if err != nil {
		return err
	}
	before, err := book.Read(view, q)
	if err != nil {
		return err
	}
	corrections, err := c.corrections(ctx)
	if err != nil {
		return err
	}
	loads := panels.Loads()
	began := time.Now()
	err = c.db.Write(ctx, func(w db.Writer) error {
		for _, one := range corrections {
			if _, err := filing.Correct(ctx, w, c.act(), one); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	committed := time.Now()
	if view, err = panels.Now(ctx); err != nil {
		return err
	}
	after, err := book.Read(view, q)
	if err != nil {
		return err
	}
	r.Change.Rows, r.Change.Commit, r.Change.Next = len(corrections), ms(committed.Sub(began)), ms(time.Since(committed))
	r.Change.Seen = before.Value != nil && after.Value != nil && after.Value.N-before.Value.N == int64(100*len(corrections))
	r.Change.Whole = panels.Loads() != loads
	return nil
}

// corrections are of the first thousand enterprises that filed an output in June 2024.
func (c *city) corrections(ctx context.Context) (out []filing.Correction, err error) {
	june := period.MonthOf(2024, 6)
	err = c.db.Read(ctx, func(r db.Reader) error {
		return db.Each(ctx, r, func(s db.Scanner) error {
			one := filing.Correction{Month: june, Field: filing.Output, Source: "bench", Reason: "bench"}
			var id string
			err := s.Scan(&id, &one.Value, &one.Version)
			one.Enterprise, one.Value = enterprise.ID(id), one.Value+100
			out = append(out, one)
			return err
		}, `SELECT enterprise, value, version FROM filing_value WHERE city = $1 AND month = 202406 AND field = 'output' AND value > 0
			ORDER BY enterprise LIMIT $2`, c.ref.ID, changedRows)
	})
	return out, err
}
