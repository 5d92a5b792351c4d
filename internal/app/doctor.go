package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/checkup"
	"github.com/parkbrain/parkbrain/internal/platform/config"
	"github.com/parkbrain/parkbrain/internal/platform/db"
	"github.com/parkbrain/parkbrain/internal/platform/obs"
)

// doctor looks for damage in a ledger. It changes nothing, not even an older schema, and makes no ledger where none is.
func doctor(ctx context.Context, h *host, args []string) error {
	var asJSON bool
	s, rest, err := h.flags("doctor", args, func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "answer as JSON")
	}, config.Data, config.Database, config.LogLevel)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	report, err := h.examine(ctx, s)
	if err != nil {
		return err
	}
	if asJSON {
		err = h.sayReportJSON(report)
	} else {
		err = h.sayReport(report)
	}
	if err == nil && report.Count() > 0 {
		err = errSaid
	}
	return err
}

// examine opens the ledger as it is and runs the checks in one transaction.
func (h *host) examine(ctx context.Context, s config.Settings) (report checkup.Report, err error) {
	logger, err := obs.NewLogger(h.stderr, obs.LogOptions{Format: s.LogFormat, Level: s.LogLevel})
	if err != nil {
		return report, err
	}
	address, err := existingLedger(s)
	if err != nil {
		return report, err
	}
	database, err := db.Open(ctx, address, db.Options{Readers: 1, Logger: logger})
	if err != nil {
		return report, err
	}
	defer database.Close()
	err = database.Read(ctx, func(r db.Reader) (err error) {
		report, err = checkup.Run(ctx, r, database.Engine())
		return err
	})
	if f, ok := fault.Of(err); ok && f.Key == db.KeyCorrupt && report.Count() > 0 {
		return report, nil // the file ends the transaction, and the report says why
	}
	return report, err
}

// existingLedger is the address of the ledger that the settings name. Error kind NotFound, key "doctor.no_ledger" (path),
// when there is no such file: opening it would make one.
func existingLedger(s config.Settings) (string, error) {
	address := s.Database
	if address == "" {
		full, err := filepath.Abs(s.Data)
		if err != nil {
			return "", err
		}
		address = (&url.URL{Scheme: "sqlite", Path: filepath.Join(full, databaseFile)}).String()
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "sqlite" {
		return address, nil // db.Open says what is wrong with it
	}
	if _, err := os.Stat(u.Path); err != nil {
		return "", fault.Because(err, fault.NotFound, "doctor.no_ledger", "path", u.Path)
	}
	return address, nil
}

// sayReport writes a line for each check, the broken rows below it, and the verdict, in the terminal's language.
func (h *host) sayReport(r checkup.Report) error {
	var b strings.Builder
	say := func(mark, key string, args map[string]any) {
		text, _ := h.texts.Format(h.language(), key, args)
		fmt.Fprintln(&b, mark+text)
	}
	for _, c := range r.Checks {
		say(marks[c.Outcome], "doctor."+string(c.Outcome), map[string]any{"check": c.Name, "rows": c.Rows, "count": c.Count()})
		for _, broken := range c.Broken {
			fmt.Fprintln(&b, "    "+h.sentence(broken))
		}
		if c.More > 0 {
			say("    ", "doctor.more", map[string]any{"count": c.More})
		}
	}
	for _, head := range r.Heads {
		say("", "doctor.head", map[string]any{"city": head.City, "seq": head.Seq, "hash": head.Hash})
	}
	if first, broken := r.First(); broken {
		say("", "doctor.unwell", map[string]any{"count": r.Count()})
		say("", "doctor.first", map[string]any{"broken": h.sentence(first)})
	} else {
		say("", "doctor.well", nil)
	}
	_, err := io.WriteString(h.stdout, b.String())
	return err
}

var marks = map[checkup.Outcome]string{checkup.Sound: "✓ ", checkup.Damaged: "✗ ", checkup.Engine: "✓ ", checkup.Skipped: "– "}

// sentence says where something is broken and what is wrong there.
func (h *host) sentence(b checkup.Broken) string {
	text, _ := h.texts.Format(h.language(), b.Key, b.Args)
	if where := b.Where(); where != "" {
		return where + ": " + text
	}
	return text
}

// saidReport is the report for scripts.
type saidReport struct {
	OK    bool        `json:"ok"`
	Count int64       `json:"count"` // of broken things
	First *saidBroken `json:"first"` // the first broken row; null when nothing is broken
	checkup.Report
	Checks []saidCheck `json:"checks"` // in place of the report's own
}

type saidCheck struct {
	checkup.Check
	Broken []saidBroken `json:"broken"`
}

type saidBroken struct {
	checkup.Broken
	Where   string `json:"where"`
	Message string `json:"message"`
}

func (h *host) sayReportJSON(r checkup.Report) error {
	out := saidReport{OK: r.Count() == 0, Count: r.Count(), Report: r}
	said := func(b checkup.Broken) saidBroken {
		text, _ := h.texts.Format(h.language(), b.Key, b.Args)
		return saidBroken{b, b.Where(), text}
	}
	for _, c := range r.Checks {
		check := saidCheck{Check: c, Broken: []saidBroken{}}
		for _, b := range c.Broken {
			check.Broken = append(check.Broken, said(b))
		}
		out.Checks = append(out.Checks, check)
	}
	if b, ok := r.First(); ok {
		first := said(b)
		out.First = &first
	}
	enc := json.NewEncoder(h.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
