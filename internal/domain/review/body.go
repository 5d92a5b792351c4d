package review

// Body is what is frozen of an office. It is written once as one line of JSON: fields in the order of these types, lists in the
// order said, so that the same ledger gives the same text on every engine. Days are "2025-06-30", "2025-06" or "2025"; empty
// where nobody stated one. A null is not known.
type Body struct {
	Format     int         `json:"format"`
	Org        string      `json:"org"`
	OrgName    string      `json:"org_name"`
	OrgNameEN  string      `json:"org_name_en"`
	OrgKind    string      `json:"org_kind" enum:"city,county"`
	Quarter    string      `json:"quarter"`
	Title      string      `json:"title"`
	At         string      `json:"at"`
	Day        string      `json:"day" doc:"the day on which what is late was judged"`
	Sequence   int64       `json:"sequence" doc:"the change of the ledger up to which everything was read"`
	Indicators []Indicator `json:"indicators"`
	Lifecycles []Lifecycle `json:"lifecycles" doc:"the stages that are named below"`
	Funnel     []Count     `json:"funnel" doc:"of all tenancies, by stage"`
	Places     []Place     `json:"places" doc:"of a city: each office below it"`
	Sites      []Site      `json:"sites" doc:"by office and name"`
	Readiness  Readiness   `json:"readiness"`
	Elsewhere  []Project   `json:"elsewhere" doc:"the office's projects that lie in none of the sites"`
	Before     *Before     `json:"before" doc:"the office's review before; null for the first"`
}

// Indicator is an indicator of the office: of the quarter, and of the year so far.
type Indicator struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	NameEN  string `json:"name_en"`
	Unit    string `json:"unit"`
	Pack    string `json:"pack" doc:"number of the pack of definitions"`
	Quarter Value  `json:"quarter"`
	Year    Value  `json:"year"`
}

// Value is a reading with the number of rows that it was computed from.
type Value struct {
	AsOf     string   `json:"as_of" doc:"last month that it covers; empty: nothing is known"`
	Value    *float64 `json:"value"`
	Previous *float64 `json:"previous" doc:"the same months of last year"`
	Rows     int      `json:"rows"`
	Natures  []string `json:"natures"`
}

// Lifecycle names the stages of one as they were called.
type Lifecycle struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	NameEN string  `json:"name_en"`
	Number string  `json:"number" doc:"of the version in force"`
	Stages []Stage `json:"stages"`
}

// Stage is a stage's names.
type Stage struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en"`
}

// Count is how many tenancies entered a stage, and how many stand there.
type Count struct {
	Stage   string `json:"stage"`
	Reached int    `json:"reached"`
	Now     int    `json:"now"`
	AreaM2  int64  `json:"area_m2" doc:"of those that stand there, as far as it is known"`
}

// Place is an office below a city.
type Place struct {
	Org       string  `json:"org"`
	OrgName   string  `json:"org_name"`
	OrgNameEN string  `json:"org_name_en"`
	Sites     int     `json:"sites"`
	Tenants   int     `json:"tenants"`
	Projects  int     `json:"projects"`
	Late      int     `json:"late" doc:"subjects whose next milestone is late"`
	Problems  int     `json:"problems" doc:"that are not closed"`
	Funnel    []Count `json:"funnel"`
}

// Site is the sheet of one park.
type Site struct {
	Park            string    `json:"park"`
	Name            string    `json:"name"`
	Org             string    `json:"org"`
	OrgName         string    `json:"org_name"`
	OrgNameEN       string    `json:"org_name_en"`
	Mode            string    `json:"mode"`
	Developer       string    `json:"developer"`
	LeadingIndustry string    `json:"leading_industry"`
	Pilot           *bool     `json:"pilot"`
	Phases          int       `json:"phases"`
	LandM2          *int64    `json:"land_m2" doc:"of all phases; null where one of them does not state it"`
	BuiltM2         *int64    `json:"built_m2"`
	LettableM2      *int64    `json:"lettable_m2"`
	LetM2           int64     `json:"let_m2" doc:"of tenants signed and not cleared, as far as it is known"`
	LetUnknown      int       `json:"let_unknown" doc:"such tenants whose area nobody stated"`
	LetPPM          *int64    `json:"let_ppm" doc:"let over lettable, in parts per million; null where either is not wholly known"`
	Figures         []Figure  `json:"figures" doc:"what the city uses of what was stated"`
	Funnel          []Count   `json:"funnel"`
	Lights          Lights    `json:"lights"`
	Readiness       []Verdict `json:"readiness" doc:"enterprises of the site by verdict"`
	Tenants         []Tenant  `json:"tenants"`
	Projects        []Project `json:"projects"`
	Problems        []Problem `json:"problems" doc:"of the park, its tenants and projects that are not closed"`
	Changes         []Change  `json:"changes" doc:"since the review before; empty for the first"`
}

// Readiness says how many enterprises are how near to the statistics bureau's list.
type Readiness struct {
	Year     int       `json:"year"`
	Pack     string    `json:"pack" doc:"number of the pack of rules"`
	Entered  int       `json:"entered" doc:"came into the list by a window of the year, without who moved inside the city"`
	Verdicts []Verdict `json:"verdicts"`
}

// Verdict counts enterprises of one verdict; those of which there is none are left out.
type Verdict struct {
	Verdict string `json:"verdict" enum:"ready,preparing,misses,below,waiting,in_list,licence,unknown,no_sector"`
	Count   int    `json:"count"`
}

// Figure is a stated quantity, in its unit.
type Figure struct {
	Field  string `json:"field"`
	Value  int64  `json:"value"`
	Unit   string `json:"unit"`
	Nature string `json:"nature"`
	Source string `json:"source"`
	AsOf   string `json:"as_of"`
}

// Lights counts tenants and projects by light.
type Lights struct {
	Red    int `json:"red"`
	Yellow int `json:"yellow"`
	Green  int `json:"green"`
	Off    int `json:"off"`
}

// Head is what is told of a tenant and of a project.
type Head struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Stage       string `json:"stage" doc:"where it stands; empty before the first"`
	Since       string `json:"since"`
	Way         string `json:"way" enum:",deemed,claimed,verified"`
	Next        string `json:"next" doc:"the stage that is planned next"`
	NextPlanned string `json:"next_planned"`
	Late        bool   `json:"late"`
	Suspended   bool   `json:"suspended"`
	Light       string `json:"light" enum:"off,green,yellow,red"`
	LightWhy    string `json:"light_why"`
	LightWhyEN  string `json:"light_why_en"`
	Officer     string `json:"officer"`
	Problems    int    `json:"problems"`
	Nature      string `json:"nature"`
}

// Tenant is one tenancy of a site.
type Tenant struct {
	Head
	Enterprise string   `json:"enterprise"`
	Entered    []string `json:"entered" doc:"the stages that it entered, in their order"`
	AreaM2     *int64   `json:"area_m2"`
	Relocated  bool     `json:"relocated"`
}

// Project is one project of a site.
type Project struct {
	Head
	Lifecycle      string      `json:"lifecycle"`
	Org            string      `json:"org"`
	EnterpriseName string      `json:"enterprise_name"`
	InvestmentFen  *int64      `json:"investment_fen"`
	Milestones     []Milestone `json:"milestones"`
}

// Milestone is a stage of a project, planned and actual.
type Milestone struct {
	Stage   string `json:"stage"`
	First   string `json:"first" doc:"as it was planned first"`
	Planned string `json:"planned" doc:"as it is planned now"`
	Replans int    `json:"replans"`
	Day     string `json:"day" doc:"the day that counts"`
	Way     string `json:"way" enum:",deemed,claimed,verified"`
	Slip    *int   `json:"slip" doc:"days from the first plan to the day that counts, else to the plan now; null where one is not known to the day"`
}

// Problem is a problem that is not closed.
type Problem struct {
	ID           string `json:"id"`
	Kind         string `json:"kind" enum:"tenancy,project,park"`
	Subject      string `json:"subject"`
	SubjectName  string `json:"subject_name"`
	Title        string `json:"title"`
	State        string `json:"state" enum:"open,solved"`
	Owner        string `json:"owner"`
	OwnerOrg     string `json:"owner_org"`
	OwnerOrgName string `json:"owner_org_name"`
	Due          string `json:"due"`
	LateDays     int    `json:"late_days"`
	Level        int    `json:"level"`
}

// Before is the review with which this one is compared.
type Before struct {
	ID      string `json:"id"`
	Quarter string `json:"quarter"`
	At      string `json:"at"`
	Digest  string `json:"digest"`
	Bridge  []Step `json:"bridge" doc:"of each stage of the funnel: before, and who came and went, is after"`
	Gone    []Gone `json:"gone" doc:"sites that are no longer there"`
}

// Step is what changed in how many tenancies entered a stage, by name.
type Step struct {
	Stage  string `json:"stage"`
	Before int    `json:"before"`
	After  int    `json:"after"`
	Came   []Name `json:"came"`
	Went   []Name `json:"went"`
}

// Name is a row by its id.
type Name struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Gone is a site of the review before.
type Gone struct {
	Park string `json:"park"`
	Name string `json:"name"`
}

// Change is what became of one row since the review before.
type Change struct {
	Kind   string `json:"kind" enum:"site,tenancy,project,problem"`
	ID     string `json:"id"`
	Name   string `json:"name"`
	What   string `json:"what" enum:"came,went,stage,area,reached,undone,planned,state,due,built,lettable"`
	Stage  string `json:"stage" doc:"of a project's milestone"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Targets are what plans want of the office in the review's year, and what was published.
type Targets struct {
	Targets []Target `json:"targets"`
}

// Target is one wanted or published number.
type Target struct {
	Indicator  string `json:"indicator"`
	Kind       string `json:"kind" enum:"target,result"`
	Year       int    `json:"year"`
	Value      int64  `json:"value" doc:"in unit"`
	Unit       string `json:"unit"`
	Stated     string `json:"stated"`
	StatedUnit string `json:"stated_unit"`
	Source     string `json:"source"`
	Pace       *int64 `json:"pace" doc:"where the plan's curve wants it by the end of the quarter; null for what was published"`
}
