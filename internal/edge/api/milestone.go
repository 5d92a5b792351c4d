package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/parkbrain/parkbrain/internal/domain/lifecycle"
	"github.com/parkbrain/parkbrain/internal/domain/milestone"
	"github.com/parkbrain/parkbrain/internal/domain/officer"
	"github.com/parkbrain/parkbrain/internal/domain/org"
	"github.com/parkbrain/parkbrain/internal/domain/subject"
	"github.com/parkbrain/parkbrain/internal/kit/fault"
	"github.com/parkbrain/parkbrain/internal/kit/period"
	"github.com/parkbrain/parkbrain/internal/platform/auth"
	"github.com/parkbrain/parkbrain/internal/platform/db"
)

// Track is the way of a tenancy or a project through its lifecycle.
type Track struct {
	Kind            string         `json:"kind" enum:"tenancy,project"`
	ID              string         `json:"id"`
	Name            string         `json:"name"`
	Lifecycle       TrackLifecycle `json:"lifecycle"`
	Org             string         `json:"org"`
	OrgName         string         `json:"org_name"`
	OrgNameEN       string         `json:"org_name_en"`
	Park            string         `json:"park" doc:"empty where no park is known"`
	ParkName        string         `json:"park_name"`
	Enterprise      string         `json:"enterprise"`
	EnterpriseName  string         `json:"enterprise_name"`
	AreaM2          *int64         `json:"area_m2" doc:"of a tenancy; null: not known"`
	Investment      *float64       `json:"investment" doc:"of a project, planned in all, yuan; null: not known"`
	Relocated       bool           `json:"relocated" doc:"moved in from elsewhere in the city"`
	Nature          string         `json:"nature"`
	Source          string         `json:"source"`
	Version         int64          `json:"version"`
	Suspended       bool           `json:"suspended"`
	SuspendedName   string         `json:"suspended_name" doc:"what a pause of this lifecycle is called"`
	SuspendedNameEN string         `json:"suspended_name_en"`
	Ended           string         `json:"ended" doc:"the end that was entered; empty while it goes on"`
	Officer         string         `json:"officer" doc:"username of who answers for it; empty for nobody"`
	Stages          []TrackStage   `json:"stages" doc:"of the lifecycle in its order, then those that only the ledger has"`
	History         []TrackEvent   `json:"history" doc:"everything that was recorded, the oldest first"`
	Can             []string       `json:"can" doc:"what the caller may do: plan, claim, verify, rollback, suspend, resume, attach"`
}

// TrackLifecycle names the lifecycle of a track.
type TrackLifecycle struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
	Number string `json:"number" doc:"of the version in force"`
}

// TrackStage is one stage with all its days.
type TrackStage struct {
	Code         string           `json:"code"`
	Name         string           `json:"name"`
	NameEN       string           `json:"name_en"`
	Optional     bool             `json:"optional"`
	End          bool             `json:"end" doc:"nothing but taking it back follows"`
	After        []string         `json:"after"`
	State        string           `json:"state" enum:"entered,deemed,open,blocked,skipped"`
	Planned      *Said            `json:"planned" doc:"the latest plan"`
	FirstPlanned *Said            `json:"first_planned"`
	Replans      int              `json:"replans" doc:"how often it was planned anew"`
	SlipDays     *int             `json:"slip_days" doc:"the day that counts, else the latest plan, against the first plan; null: not known to the day"`
	Claimed      *Said            `json:"claimed"`
	Deemed       *TrackDeemed     `json:"deemed"`
	Verified     *Said            `json:"verified"`
	Used         string           `json:"used" enum:",verified,claimed,deemed" doc:"whose recorded day counts; empty also where only a rule deems the stage entered"`
	Day          string           `json:"day" doc:"the day that counts; empty where it was not entered"`
	Evidence     EvidenceCounts   `json:"evidence"`
	Blocked      *TrackBlocked    `json:"blocked" doc:"why it cannot be entered now; null where it may be, or was claimed"`
	Asks         []LifecycleField `json:"asks" doc:"what the guard wants to be told with a claim or verification, in facts"`
	Guard        *TrackGuard      `json:"guard" doc:"what is demanded before it is entered, with the facts as they are; null for nothing"`
	Can          []string         `json:"can"`
}

// Said is one statement of a day.
type Said struct {
	Day        string   `json:"day"`
	Source     string   `json:"source"`
	Nature     string   `json:"nature"`
	Reason     string   `json:"reason"`
	Recorder   string   `json:"recorder"`
	RecordedAt string   `json:"recorded_at"`
	Evidence   []string `json:"evidence" doc:"ids"`
}

// TrackDeemed is a day on which a stage counts as entered by a rule.
type TrackDeemed struct {
	Day        string `json:"day"`
	From       string `json:"from" doc:"the stage whose day the rule follows; empty where a deemed day was recorded"`
	FromName   string `json:"from_name"`
	FromNameEN string `json:"from_name_en"`
	Months     int    `json:"months"`
	Days       int    `json:"days"`
	Basis      string `json:"basis" enum:",established,assumed"`
	Source     string `json:"source"`
}

// EvidenceCounts is how much live evidence there is, by grade.
type EvidenceCounts struct {
	Permit    int `json:"permit"`
	Record    int `json:"record"`
	Photo     int `json:"photo"`
	Statement int `json:"statement"`
}

// TrackBlocked says why not.
type TrackBlocked struct {
	Key     string `json:"key"`
	Message string `json:"message" doc:"in the caller's language"`
}

// TrackGuard is what a stage demands.
type TrackGuard struct {
	Text   string `json:"text"`
	TextEN string `json:"text_en"`
}

// TrackEvent is one thing that was recorded.
type TrackEvent struct {
	At       string       `json:"at" doc:"empty where nobody recorded when"`
	Actor    string       `json:"actor"`
	Act      string       `json:"act" enum:"plan,claim,verify,deem,void,suspend,resume,evidence,withdraw"`
	Stage    string       `json:"stage"`
	Way      string       `json:"way" doc:"of an entry, also of one that is taken back"`
	Day      string       `json:"day"`
	Reason   string       `json:"reason"`
	Source   string       `json:"source"`
	Nature   string       `json:"nature"`
	Void     bool         `json:"void" doc:"taken back, or withdrawn, since"`
	Evidence []TrackPaper `json:"evidence"`
}

// TrackPaper names a piece of evidence.
type TrackPaper struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Grade string `json:"grade" enum:"permit,record,photo,statement"`
}

type trackBody struct {
	ETag string `header:"ETag"`
	Body Track
}

type milestoneStep struct {
	SubjectPath
	Body MilestoneStep
}

// MilestoneStep is one act upon a subject's way.
type MilestoneStep struct {
	Version  int64             `json:"version" doc:"of the subject, as the caller read it"`
	Stage    string            `json:"stage,omitempty" maxLength:"40" doc:"of all but suspend and resume"`
	Day      string            `json:"day,omitempty" maxLength:"10" doc:"2025, 2025-06 or 2025-06-30; of suspend and resume today where empty"`
	Source   string            `json:"source,omitempty" maxLength:"500" doc:"who says so; of a claim or verification its strongest evidence where empty, of a plan the caller"`
	Reason   string            `json:"reason,omitempty" maxLength:"500" doc:"needed for a re-plan, rollback and suspend"`
	Evidence []string          `json:"evidence,omitempty" maxItems:"50" doc:"ids of what a claim or verification rests on"`
	Facts    map[string]string `json:"facts,omitempty" doc:"what the guard asks for and only the caller can tell, by field, typed in the field's unit; see asks"`
}

// MilestoneChange is something that changed since the caller read the subject.
type MilestoneChange struct {
	Version int64  `json:"version" doc:"of the subject after it"`
	Act     string `json:"act"`
	Stage   string `json:"stage"`
	Way     string `json:"way"`
	Day     string `json:"day"`
	Reason  string `json:"reason"`
	Source  string `json:"source"`
	Actor   string `json:"actor"`
	At      string `json:"at"`
}

// MilestoneYours is the step of the caller that was not taken.
type MilestoneYours struct {
	Act string `json:"act"`
	MilestoneStep
}

func (a *API) milestones() {
	register(a, operation{id: "get-track", method: http.MethodGet, path: "/subjects/{kind}/{id}", tag: "milestones",
		summary: "The way of a tenancy or project: planned, claimed, deemed and verified days of every stage, and its history"},
		func(ctx context.Context, in *SubjectPath) (*trackBody, error) { return a.track(ctx, in.ref()) })
	for _, x := range []struct {
		act     milestone.Act
		action  auth.Action
		summary string
		do      milestoneAct
	}{
		{milestone.Planning, auth.MilestoneEdit, "Plan a stage for a day, or plan it anew with a reason", withoutFacts(milestone.Plan)},
		{milestone.Claiming, auth.MilestoneEdit, "Say that a stage was entered", milestone.Claim},
		{milestone.Verifying, auth.MilestoneVerify, "Say that evidence bears out that a stage was entered", milestone.Verify},
		{milestone.TakingBack, auth.MilestoneEdit, "Take back a stage and all that builds on it", withoutFacts(milestone.TakeBack)},
		{milestone.Suspending, auth.MilestoneEdit, "Suspend: nothing is entered until it is resumed", withoutFacts(milestone.Suspend)},
		{milestone.Resuming, auth.MilestoneEdit, "Resume what was suspended", withoutFacts(milestone.Resume)},
	} {
		register(a, operation{id: string(x.act) + "-milestone", method: http.MethodPost, path: "/subjects/{kind}/{id}/" + string(x.act), tag: "milestones", summary: x.summary},
			func(ctx context.Context, in *milestoneStep) (*trackBody, error) {
				return a.stepTrack(ctx, in, x.action, x.do)
			})
	}
}

// milestoneAct is a step as domain/milestone takes it.
type milestoneAct func(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s milestone.Step, more ...milestone.Facts) (int64, error)

func withoutFacts(f func(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s milestone.Step) (int64, error)) milestoneAct {
	return func(ctx context.Context, w db.Writer, act org.Act, lib *lifecycle.Library, ref subject.Ref, s milestone.Step, _ ...milestone.Facts) (int64, error) {
		return f(ctx, w, act, lib, ref, s)
	}
}

// facts are what guards may ask about beyond the ledger of milestones.
func (a *API) facts() []milestone.Facts { return []milestone.Facts{a.attainment} }

// lifecycleLibrary is the lifecycles as the transaction sees them.
func (a *API) lifecycleLibrary(ctx context.Context, r db.Reader) (*lifecycle.Library, error) {
	return a.courses.Load(ctx, r, a.City)
}

func (a *API) stepTrack(ctx context.Context, in *milestoneStep, action auth.Action, do milestoneAct) (*trackBody, error) {
	b := in.Body
	day, err := period.ParseDate(b.Day)
	if err != nil {
		return nil, err
	}
	s := milestone.Step{Version: b.Version, Stage: b.Stage, Day: day, Source: b.Source, Reason: b.Reason, Evidence: b.Evidence, Stated: b.Facts}
	err = a.write(ctx, action, func(w db.Writer, act org.Act) error {
		lib, err := a.lifecycleLibrary(ctx, w.Reader)
		if err == nil {
			_, err = do(ctx, w, act, lib, in.ref(), s, a.facts()...)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return a.track(ctx, in.ref())
}

func (a *API) track(ctx context.Context, ref subject.Ref) (*trackBody, error) {
	var out Track
	err := a.read(ctx, func(r db.Reader, s auth.Scope) error {
		lib, err := a.lifecycleLibrary(ctx, r)
		if err != nil {
			return err
		}
		t, err := milestone.Get(ctx, r, s, lib, ref, a.today(), a.facts()...)
		if err != nil {
			return err
		}
		o, err := org.Get(ctx, r, auth.Whole(a.City), t.Head.Org) // the name of who answers for what the caller sees
		if err != nil {
			return err
		}
		held, err := officer.Current(ctx, r, a.City, ref)
		if err != nil {
			return err
		}
		out = a.trackOf(ctx, t)
		out.OrgName, out.OrgNameEN, out.Officer = o.NameZH, o.NameEN, held.Username
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &trackBody{ETag: etag(out.Version), Body: out}, nil
}

func (a *API) trackOf(ctx context.Context, t milestone.Track) Track {
	h := t.Head
	out := Track{Kind: string(h.Kind), ID: h.ID, Name: h.Name, Lifecycle: TrackLifecycle{t.Pack.Code, t.Pack.Name.ZH, t.Pack.Name.EN, t.Pack.Number}, Org: string(h.Org),
		Park: string(h.Park), ParkName: h.ParkName, Enterprise: string(h.Enterprise), EnterpriseName: h.EnterpriseName, AreaM2: h.AreaM2, Investment: yuanOrNull(h.InvestmentFen),
		Relocated: h.Relocated, Nature: h.Nature, Source: h.Source, Version: h.Version, Suspended: t.Standing.Suspended, SuspendedName: t.Pack.Suspended.ZH,
		SuspendedNameEN: t.Pack.Suspended.EN, Ended: t.Standing.Ended, Stages: []TrackStage{}, History: []TrackEvent{}, Can: allowed(ctx, t.Can)}
	if caller(ctx).May(auth.MilestoneEdit) {
		out.Can = append(out.Can, "attach")
	}
	for i := range t.Stages {
		out.Stages = append(out.Stages, a.stageOf(ctx, t.Pack, &t.Stages[i]))
	}
	for _, e := range t.History {
		out.History = append(out.History, eventOf(e))
	}
	return out
}

func (a *API) stageOf(ctx context.Context, p *lifecycle.Pack, s *milestone.Stage) TrackStage {
	out := TrackStage{Code: s.Code, Name: s.Code, NameEN: s.Code, After: []string{}, State: string(s.State), Planned: saidOf(s.Planned), FirstPlanned: saidOf(s.First),
		Replans: max(len(s.Plans)-1, 0), Claimed: saidOf(s.Claimed), Verified: saidOf(s.Verified), Used: s.Used.String(), Day: s.Day.String(),
		Evidence: EvidenceCounts{s.Evidence.Permits, s.Evidence.Records, s.Evidence.Photos, s.Evidence.Statements}, Can: allowed(ctx, s.Can), Asks: lifecycleFields(s.Asks)}
	if s.Def != nil {
		out.Name, out.NameEN, out.Optional, out.End, out.After = s.Def.Name.ZH, s.Def.Name.EN, s.Def.Optional, s.Def.End, list(s.Def.After)
	}
	if days, ok := s.SlipDays(); ok {
		out.SlipDays = &days
	}
	if d := s.Deemed; d != nil {
		out.Deemed = &TrackDeemed{Day: d.Day.String(), From: d.From, Months: d.Rule.Months, Days: d.Rule.Days, Basis: string(d.Rule.Basis), Source: d.Rule.Source}
		if from := p.Stage(d.From); from != nil {
			out.Deemed.FromName, out.Deemed.FromNameEN = from.Name.ZH, from.Name.EN
		}
		if d.Said != nil {
			out.Deemed.Source = d.Said.Source
		}
	}
	if f, ok := fault.Of(s.Blocked); ok {
		out.Blocked = &TrackBlocked{Key: f.Key}
		out.Blocked.Message, _ = a.Texts.Format(languageOf(ctx), f.Key, f.Args)
	}
	if s.GuardZH != "" {
		out.Guard = &TrackGuard{s.GuardZH, s.GuardEN}
	}
	return out
}

// allowed are the acts that the caller's role allows.
func allowed(ctx context.Context, acts []milestone.Act) []string {
	out := []string{}
	for _, act := range acts {
		action := auth.MilestoneEdit
		if act == milestone.Verifying {
			action = auth.MilestoneVerify
		}
		if caller(ctx).May(action) {
			out = append(out, string(act))
		}
	}
	return out
}

func saidOf(e *milestone.Entry) *Said {
	if e == nil {
		return nil
	}
	return &Said{Day: e.Day.String(), Source: e.Source, Nature: string(e.Nature), Reason: e.Reason, Recorder: e.Recorder, RecordedAt: micros(e.RecordedAt), Evidence: list(e.Evidence)}
}

func eventOf(e milestone.Event) TrackEvent {
	out := TrackEvent{At: micros(e.At), Actor: e.Actor, Act: string(e.Act), Stage: e.Stage, Way: e.Way.String(), Day: e.Day.String(), Reason: e.Reason, Source: e.Source,
		Nature: string(e.Nature), Void: e.Void, Evidence: []TrackPaper{}}
	if e.Act == milestone.TakingBack {
		out.Act = "void"
	}
	for _, p := range e.Evidence {
		out.Evidence = append(out.Evidence, TrackPaper{p.ID, p.Title, string(p.Grade)})
	}
	return out
}

// micros writes an instant of the ledger; empty where nobody recorded one.
func micros(at int64) string {
	if at == 0 {
		return ""
	}
	return instant(time.UnixMicro(at))
}

// yuanOrNull is an amount in fen as the API writes it; nil where it is not known.
func yuanOrNull(fen *int64) *float64 {
	if fen == nil {
		return nil
	}
	v := float64(*fen) / 100
	return &v
}

// conflictOf are the members of a problem document that tell what another officer changed and what the caller wanted.
func conflictOf(c *milestone.Conflict) (changes []MilestoneChange, yours *MilestoneYours) {
	for _, x := range c.Changes {
		changes = append(changes, MilestoneChange{x.Version, string(x.Act), x.Stage, x.Way, x.Day, x.Reason, x.Source, x.Actor, instant(x.At)})
	}
	y := c.Yours
	return changes, &MilestoneYours{string(c.Act), MilestoneStep{Version: y.Version, Stage: y.Stage, Day: y.Day.String(), Source: y.Source, Reason: y.Reason, Evidence: slices.Clone(y.Evidence), Facts: y.Stated}}
}
