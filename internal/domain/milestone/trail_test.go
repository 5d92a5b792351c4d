package milestone_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/parkbrain/parkbrain/internal/domain/tenancy/tenancytest"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// detail is what the trail says of a step.
type detail struct {
	Version       int64
	Before, After []struct{ Stage, Way, Day string }
	Reason        string
}

func entries(list []struct{ Stage, Way, Day string }) (out []string) {
	for _, e := range list {
		out = append(out, e.Stage+"/"+e.Way+"/"+strings.ReplaceAll(e.Day, "-", ""))
	}
	slices.Sort(out)
	return out
}

type trailLine struct {
	seq                         int64
	actor, action, kind, entity string
	touched                     string
	detail                      detail
}

func lastLine(t *testing.T, ctx context.Context, r db.Reader) (l trailLine) {
	t.Helper()
	var text string
	err := r.QueryRow(ctx, `SELECT seq, actor, action, kind, entity, detail FROM audit_line WHERE city = $1 ORDER BY seq DESC LIMIT 1`, tenancytest.City).
		Scan(&l.seq, &l.actor, &l.action, &l.kind, &l.entity, &text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &l.detail)
	}
	if err == nil {
		err = db.Each(ctx, r, func(s db.Scanner) error {
			var kind, id string
			err := s.Scan(&kind, &id)
			l.touched = strings.TrimSpace(l.touched + " " + kind + "/" + id)
			return err
		}, `SELECT kind, entity FROM audit_touch WHERE city = $1 AND seq = $2 ORDER BY kind, entity`, tenancytest.City, l.seq)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}
