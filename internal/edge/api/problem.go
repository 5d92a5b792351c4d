package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/parkbrain/parkbrain/internal/domain/milestone"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
)

// Problem is the body of every error (RFC 9457), with the message's key and arguments so that a program can tell errors
// apart and a screen can say them in its own words.
type Problem struct {
	Type   string         `json:"type" example:"about:blank"`
	Title  string         `json:"title" doc:"the HTTP status in words"`
	Status int            `json:"status"`
	Detail string         `json:"detail" doc:"what is wrong, in the language of Accept-Language"`
	Key    string         `json:"key" doc:"message key: what is wrong, for programs"`
	Args   map[string]any `json:"args,omitempty" doc:"the values in the message"`
	Errors []ProblemItem  `json:"errors,omitempty" doc:"single places of the request that are wrong"`

	Changes []MilestoneChange `json:"changes,omitempty" doc:"of a stale step: what changed since the caller read the subject, the oldest first"`
	Yours   *MilestoneYours   `json:"yours,omitempty" doc:"of a stale step: the step as it was sent"`
}

// ProblemItem is one place of a request that is wrong.
type ProblemItem struct {
	Location string `json:"location" example:"query.period"`
	Key      string `json:"key,omitempty" doc:"message key, where the place's content and not its form is wrong"`
	Message  string `json:"message"`
}

// Error makes a Problem an error.
func (p *Problem) Error() string { return p.Key + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType says that the body is a problem document.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func noRoute(path string) error { return fault.New(fault.NotFound, "request.no_route", "path", path) }

// statusOf is the HTTP status of a fault.
func statusOf(err error) int {
	if auth.Unauthenticated(err) {
		return http.StatusUnauthorized
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Exists:
		return http.StatusConflict
	case fault.Stale:
		return http.StatusPreconditionFailed
	case fault.Denied:
		return http.StatusForbidden
	case fault.Busy:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// problem says a fault in a language. What is not a fault, or an internal one, says nothing but that.
func (a *API) problem(lang string, err error) *Problem {
	status := statusOf(err)
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Key: "internal"}
	if f, ok := fault.Of(err); ok && status != http.StatusInternalServerError {
		p.Key, p.Args = f.Key, f.Args
	}
	p.Detail, _ = a.Texts.Format(lang, p.Key, p.Args)
	var bad *badCells
	if errors.As(err, &bad) {
		p.Errors = bad.items(a, lang)
	}
	var conflict *milestone.Conflict
	if errors.As(err, &conflict) {
		p.Changes, p.Yours = conflictOf(conflict)
	}
	return p
}

// badCells are the places of a body whose content is wrong, all of them at once: who filled in a table shall not learn of
// them one by one. It is a fault of kind Invalid, key "request.invalid".
type badCells struct{ places []badCell }

type badCell struct {
	location string
	err      error
}

func (b *badCells) add(location string, err error) {
	b.places = append(b.places, badCell{location, err})
}

// err is nil without a bad place.
func (b *badCells) err() error {
	if len(b.places) == 0 {
		return nil
	}
	return b
}

func (b *badCells) Error() string {
	return fmt.Sprintf("%d bad cells, the first: %v", len(b.places), b.places[0].err)
}

// Unwrap makes it a fault.
func (b *badCells) Unwrap() error { return fault.New(fault.Invalid, "request.invalid") }

func (b *badCells) items(a *API, lang string) (out []ProblemItem) {
	for _, place := range b.places {
		p := a.problem(lang, place.err)
		out = append(out, ProblemItem{Location: place.location, Key: p.Key, Message: p.Detail})
	}
	return out
}

// failed turns a handler's error into a problem document and logs what is ours.
func (a *API) failed(ctx context.Context, operation string, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		a.Logger.Debug("caller went away", "operation", operation)
	} else if fault.KindOf(err) == fault.Internal {
		a.Logger.Error("operation failed", "operation", operation, "error", err)
	}
	return a.problem(languageOf(ctx), err)
}

func (a *API) writeProblem(w http.ResponseWriter, _ *http.Request, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}

// newErrorWithContext is how the router reports a request that does not have the operation's form.
func newErrorWithContext(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	for _, err := range errs {
		var p *Problem
		if errors.As(err, &p) {
			return p
		}
	}
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: msg, Key: keyOf(status)}
	if a, ok := ctx.Context().Value(apiKey{}).(*API); ok {
		p.Detail, _ = a.Texts.Format(languageOf(ctx.Context()), p.Key, nil)
	}
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) {
			p.Errors = append(p.Errors, ProblemItem{Location: d.ErrorDetail().Location, Message: d.ErrorDetail().Message})
		}
	}
	return p
}

func newError(status int, msg string, errs ...error) huma.StatusError {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: msg, Key: keyOf(status)}
	for _, err := range errs {
		if err != nil {
			p.Errors = append(p.Errors, ProblemItem{Message: err.Error()})
		}
	}
	return p
}

func keyOf(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "request.too_large"
	case http.StatusInternalServerError:
		return "internal"
	case http.StatusUnsupportedMediaType:
		return "request.media_type"
	default:
		return "request.invalid"
	}
}
