package api

import (
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// uploadMemory is how much of an upload is held in memory; the rest goes to a temporary file, which the server removes.
const uploadMemory = 1 << 20

// drainTimes is how often the limit of an upload is read on and thrown away, so that whoever sends too much is told so
// instead of seeing the connection break.
const drainTimes = 5

// bounded reads an upload before the operation does: the router bounds JSON bodies only, and gives any body five seconds,
// in which an office line sends no workbook. Who may not do the action is refused before anything is read.
func (a *API) bounded(limit int64, action auth.Action) func(ctx huma.Context, next func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		refuse := func(p *Problem) { _ = huma.WriteErr(a.huma, ctx, p.Status, p.Detail, p) } // the client may be gone
		if err := may(ctx.Context(), action); err != nil {
			refuse(a.problem(languageOf(ctx.Context()), err))
			return
		}
		r, w := humago.Unwrap(ctx)
		whole := r.Body
		r.Body = http.MaxBytesReader(w, whole, limit)
		var tooLarge *http.MaxBytesError
		if err := r.ParseMultipartForm(uploadMemory); !errors.As(err, &tooLarge) {
			next(ctx) // meets any other error again
			return
		}
		_, _ = io.CopyN(io.Discard, whole, drainTimes*limit)
		p := &Problem{Type: "about:blank", Title: http.StatusText(http.StatusRequestEntityTooLarge), Status: http.StatusRequestEntityTooLarge, Key: "request.too_large"}
		p.Detail, _ = a.Texts.Format(languageOf(ctx.Context()), p.Key, nil)
		refuse(p)
	}
}
