package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"

	"github.com/parkbrain/parkbrain/internal/engine/plausible"
)

// benchPlausible prints how many planted faults the plausibility checks find, and how many honest figures they suspect.
func benchPlausible(ctx context.Context, h *host, args []string) error {
	fs := flag.NewFlagSet("bench plausible", flag.ContinueOnError)
	fs.SetOutput(h.stderr)
	seed := fs.Uint64("seed", 101, "of the city with planted faults")
	asJSON := fs.Bool("json", false, "answer as JSON")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 {
		return errUsage
	}
	report, err := plausible.BackTest(ctx, *seed, plausible.BackTestOptions{})
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(h.stdout).Encode(report)
	}
	_, err = fmt.Fprint(h.stdout, report.String())
	return err
}
