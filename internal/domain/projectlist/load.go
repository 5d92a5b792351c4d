package projectlist

import (
	"context"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/project"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Load makes projects of the list that an org files, and says what it did. Loaded again it writes nothing; a list that changed
// adds to what is known. Rows that cannot be projects are left out and named.
//
// Errors: those of Prepare, project.AddMany and project.EnterMany.
func Load(ctx context.Context, w db.Writer, act org.Act, lifecycles *lifecycle.Library, from From) (Report, error) {
	plan, err := Prepare(ctx, w.Reader, act, lifecycles, from)
	if err == nil {
		_, err = project.AddMany(ctx, w, act, plan.add)
	}
	if err == nil {
		err = project.EnterMany(ctx, w, act, plan.more)
	}
	if err != nil {
		return Report{}, fault.Wrap("projectlist.Load", err)
	}
	return plan.Report, nil
}
