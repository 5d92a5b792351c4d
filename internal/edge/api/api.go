package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/parkbrain/parkbrain/internal/domain/enrolment"
	"github.com/parkbrain/parkbrain/internal/domain/finding"
	"github.com/parkbrain/parkbrain/internal/domain/indicator"
	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/park"
	"github.com/parkbrain/parkbrain/internal/domain/pipeline"
	"github.com/parkbrain/parkbrain/internal/domain/promise"
	"github.com/parkbrain/parkbrain/internal/domain/vintage"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/id"
	"github.com/parkbrain/parkbrain/internal/kit/industry"
	"github.com/parkbrain/parkbrain/internal/kit/message"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// ParkLister reads an uploaded file as a park list. It is another edge's work, handed over by app.
type ParkLister func(ctx context.Context, file string, r io.ReaderAt, size int64) (list park.ListFile, unread []park.Problem, more int, err error)

// Deps is what the operations need.
type Deps struct {
	DB         *db.DB
	Auth       *auth.Service
	City       string
	Book       *indicator.Book
	Panels     *indicator.Panels
	Industries *industry.Catalogue
	OrgAliases map[string]string // names that offices write for orgs
	Texts      *message.Catalogue
	ParkList   ParkLister
	Template   TemplateMaker
	Export     ExportMaker
	Intakes    IntakeTools
	IDs        *id.Maker
	Now        func() time.Time
	Logger     *slog.Logger
	Version    string // of the program
	Secure     bool   // cookies only over TLS
	MaxUpload  int64  // bytes of an uploaded file
}

// API is the set of operations.
type API struct {
	Deps
	huma       huma.API
	mux        *http.ServeMux
	watch      *finding.Watch
	consistent *finding.Consistent
	shelf      shelf
	vintages   vintage.Shelf
	enrolled   *enrolment.Board
	courses    lifecycle.Shelf
	breaches   *promise.Breaches
	board      *pipeline.Board
}

// sessionCookie holds the session's token.
const sessionCookie = "parkbrain_session"

// hooks are the router's, for the whole process: they know no API and find the one that serves in the request.
var hooks sync.Once

// New registers every operation.
func New(d Deps) *API {
	cfg := huma.DefaultConfig("parkbrain", "1")
	cfg.CreateHooks = nil // else every body carries an absolute $schema address
	cfg.Formats = formats(cfg.Formats)
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.Info.Description = "The ledger of a city's industrial parks and the readings derived from it."
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.RejectUnknownQueryParameters = true
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	hooks.Do(func() { huma.NewError, huma.NewErrorWithContext = newError, newErrorWithContext })
	a := &API{Deps: d, mux: http.NewServeMux(), watch: finding.NewWatch(d.DB, d.City, measures(d.Book), d.Now), consistent: finding.NewConsistent(d.City),
		board: pipeline.NewBoard(d.DB, d.City, d.Now), breaches: promise.NewBreaches(d.City)}
	a.huma = humago.New(a.mux, cfg)
	a.huma.UseMiddleware(a.withCaller)
	for _, register := range []func(){
		a.sessions, a.users, a.auditTrail, a.orgs, a.parks, a.parkWrites, a.enterprises, a.tenancies, a.projects, a.projectList,
		a.indicators, a.readings, a.targets, a.search, a.imports, a.intakes, a.forms, a.filings, a.reviews, a.templates, a.findings, a.closings, a.officers, a.problems, a.quarters, a.readiness, a.promises, a.pipeline, a.baselines, a.lights, a.milestones, a.lifecycles, a.evidence,
	} {
		register()
	}
	a.mux.HandleFunc("GET /api/v1/openapi.yaml", a.describe)
	a.mux.HandleFunc("/api/", a.unknown)
	return a
}

// Handler answers everything below /api/.
func (a *API) Handler() http.Handler { return a.mux }

// OpenAPI is the description of all operations, as YAML.
func (a *API) OpenAPI() ([]byte, error) { return a.huma.OpenAPI().YAML() }

// CrossSite refuses a change that another site's page asks for.
func (a *API) CrossSite() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.writeProblem(w, r, a.problem(a.language(r.Header.Get("Accept-Language")), fault.New(fault.Denied, "request.cross_site")))
	})
}

// Routes lists the operations by id, for tests that walk all of them.
func (a *API) Routes() []huma.Operation {
	var out []huma.Operation
	for _, item := range a.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				out = append(out, *op)
			}
		}
	}
	slices.SortFunc(out, func(x, y huma.Operation) int { return strings.Compare(x.OperationID, y.OperationID) })
	return out
}

func (a *API) describe(w http.ResponseWriter, _ *http.Request) {
	doc, err := a.OpenAPI()
	if err != nil {
		a.Logger.Error("describe the api", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(doc) // the client may be gone
}

func (a *API) unknown(w http.ResponseWriter, r *http.Request) {
	a.writeProblem(w, r, a.problem(a.language(r.Header.Get("Accept-Language")), noRoute(r.URL.Path)))
}

// operation describes one route; the rest is the handler's types.
type operation struct {
	id      string
	method  string
	path    string // below /api/v1
	summary string
	tag     string
	public  bool                                            // needs no caller
	status  int                                             // of success; 200 where zero
	first   func(ctx huma.Context, next func(huma.Context)) // before the request is read; nil for nothing
}

// register adds an operation. The handler's faults become problem documents.
func register[I, O any](a *API, o operation, handle func(ctx context.Context, in *I) (*O, error)) {
	op := huma.Operation{
		OperationID: o.id, Method: o.method, Path: "/api/v1" + o.path, Summary: o.summary, Tags: []string{o.tag},
		DefaultStatus: o.status,
		Errors:        []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity, http.StatusInternalServerError},
	}
	if !o.public {
		op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	if o.first != nil {
		op.Middlewares = huma.Middlewares{o.first}
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, a.failed(ctx, o.id, err)
		}
		return out, nil
	})
}
