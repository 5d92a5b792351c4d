package checkup

import "strings"

// meaning is what is asked of a column's values beyond its type.
type meaning string

const (
	text    meaning = "text"
	bytes   meaning = "bytes"
	number  meaning = "number"  // any whole number that the constraints allow
	instant meaning = "instant" // µs UTC
	day     meaning = "day"     // yyyymmdd, 00 for a part that nobody stated
	dayOr0  meaning = "day_or_0"
	madeOr0 meaning = "instant_or_0"
	month   meaning = "month" // yyyymm
)

// sqlType is the declared type that columns of a meaning have.
func (m meaning) sqlType() string {
	switch m {
	case text:
		return "TEXT"
	case bytes:
		return "BYTEA"
	default:
		return "BIGINT"
	}
}

// table says what each column of a table means, names separated by blanks.
type table struct {
	name                                                        string
	text, bytes, number, instant, madeOr0, day, dayOr0, monthly string
}

type meant struct {
	name string
	is   meaning
}

func (t table) columns() (out []meant) {
	for _, group := range []struct {
		names string
		is    meaning
	}{{t.text, text}, {t.bytes, bytes}, {t.number, number}, {t.instant, instant}, {t.madeOr0, madeOr0}, {t.day, day}, {t.dayOr0, dayOr0}, {t.monthly, month}} {
		for _, name := range strings.Fields(group.names) {
			out = append(out, meant{name, group.is})
		}
	}
	return out
}

// tables is the whole schema, in the order of the migrations. A test fails when a migration has a column that is not here.
var tables = []table{
	{name: "schema_migration", text: "name digest", number: "version"},
	{name: "audit_head", text: "city", number: "seq", bytes: "hash"},
	{name: "audit_line", text: "city actor action kind entity detail", number: "seq", instant: "at", bytes: "hash"},
	{name: "audit_touch", text: "city kind entity", number: "seq"},
	{name: "org", text: "city id parent kind name_zh name_en division path", number: "sort version"},
	{
		name: "app_user", text: "city id username name role org enterprise password_hash",
		number: "must_change disabled failed_tries version", instant: "locked_until created_at",
	},
	{name: "session", text: "city app_user", bytes: "digest", instant: "created_at seen_at expires_at"},
	{name: "api_token", text: "city app_user id name", bytes: "digest", instant: "created_at expires_at"},
	{
		name: "import_batch", text: "city id kind file digest actor mapping", number: "rows_read rows_new rows_changed rows_same",
		instant: "at",
	},
	{name: "import_row", text: "city batch kind entity cells", number: "row_no"},
	{name: "zone", text: "city code name level kind industries source", number: "area_m2", day: "approved"},
	{
		name: "park", text: "city id org parent name photo_no mode developer leading_industry zone source",
		number: "pilot official_no version",
	},
	{name: "park_alias", text: "city park name source"},
	{
		name: "park_phase", text: "city park name nature source",
		number: "no land_m2 floor_area_built_m2 lettable_area_m2 version", day: "started completed opened",
	},
	{
		name: "figure", text: "city kind subject field id unit stated stated_unit nature source source_ref recorder batch replaced",
		number: "value", instant: "recorded_at", day: "as_of",
	},
	{name: "figure_choice", text: "city kind subject field figure reason actor", number: "seq", instant: "at"},
	{name: "enterprise", text: "city id uscc name org industry nature source", number: "version", day: "above_scale_since"},
	{name: "enterprise_name", text: "city enterprise name source", dayOr0: "since"}, // nobody states when the first name began
	{name: "tenancy", text: "city enterprise id park nature source", number: "area_m2 relocated version"},
	{
		name: "tenancy_stage", text: "city enterprise tenancy stage way nature source recorder reason",
		number: "seq", instant: "recorded_at", day: "day",
	},
	{name: "filing_value", text: "city enterprise field nature source", number: "value version", monthly: "month"},
	{name: "target", text: "city org indicator kind unit stated stated_unit curve source", number: "year value version"},
	{
		name: "job", text: "city id kind unique_key lane args actor state worker result fault_key fault_args fault_text",
		number:  "priority attempts max_attempts claims cancel",
		instant: "run_at created_at started_at finished_at",
	},
	{name: "job_beat", text: "city id phase note note_args", number: "claims seq done total", instant: "lease_until phase_at"},
	{name: "form_version", text: "city form body reason actor", number: "version", day: "since", instant: "at"},
	{
		name: "filing", text: "city subject_kind subject form period org state submitted_by",
		number: "form_version level confirmed version approved_version", instant: "submitted_at changed_at",
	},
	{
		name: "filing_record", text: "city subject_kind subject form period row_key cells nature way recorder batch",
		number: "version filing_version gone file_no row_no", instant: "at",
	},
	{
		name: "filing_past", text: "city subject_kind subject form period row_key cells nature way recorder batch",
		number: "version filing_version gone file_no row_no", instant: "at",
	},
	{
		name: "filing_event", text: "city subject_kind subject form period action reason actor actor_org",
		number: "seq level filing_version", instant: "at",
	},
	{name: "filing_answer", text: "city subject_kind subject form period row_key rule about reason actor", number: "seq", instant: "at"},
	{name: "filing_remark", text: "city subject_kind subject form period row_key field text actor", number: "seq", instant: "at"},
	{name: "intake", text: "city id form subject_kind subject period org mapping state job report actor", number: "version", instant: "at"},
	{name: "intake_file", text: "city intake name digest", number: "no size", instant: "at"},
	{name: "intake_chunk", text: "city intake", number: "no chunk", bytes: "bytes"},
	{name: "intake_mapping", text: "city org form fingerprint body actor", instant: "at"},
	{name: "vintage", text: "city period reason actor digest", number: "no sequence", instant: "at"},
	{name: "vintage_part", text: "city period name digest", number: "no chunk", bytes: "bytes"},
	{name: "project", text: "city id org park kind name enterprise nature source", number: "investment_fen version"},
	{
		name: "project_milestone", text: "city project stage way nature source reason recorder",
		number: "seq", madeOr0: "recorded_at", day: "day", // of those before the fourth step nobody kept when
	},
	{
		name: "milestone_void", text: "city subject_kind subject stage way nature source reason recorder void_reason void_by",
		number: "seq", instant: "void_at", madeOr0: "recorded_at", day: "day",
	},
	{
		name: "milestone_pause", text: "city subject_kind subject act reason recorder",
		number: "seq", instant: "recorded_at", day: "day",
	},
	{name: "pack_version", text: "city kind code body reason actor", number: "version", instant: "at"},
	{name: "blob", text: "city digest media", number: "size hash", bytes: "thumbnail", instant: "at"},
	{name: "blob_part", text: "city digest", number: "part", bytes: "bytes"},
	{
		name:   "evidence",
		text:   "city id subject_kind subject stage grade title number file_name digest note recorder withdrawn_reason withdrawn_by",
		number: "latitude longitude", instant: "taken_at recorded_at withdrawn_at", day: "issued expires",
	},
	{name: "milestone_evidence", text: "city subject_kind subject stage way evidence", number: "seq"},
	{name: "baseline", text: "city id org name actor", instant: "moment at"},
	{
		name: "promise", text: "city subject_kind subject measure basis clock source nature reason recorder",
		number: "year seq value", instant: "recorded_at",
	},
	{name: "promise_land", text: "city subject_kind subject source recorder", number: "seq land_m2", instant: "recorded_at"},
	{
		name: "enrolment_fact", text: "city enterprise fact nature source recorder",
		number: "seq month value void", instant: "recorded_at", dayOr0: "day",
	},
	{
		name: "enrolment_paper", text: "city enterprise paper evidence source recorder",
		number: "seq have", instant: "recorded_at", day: "expires",
	},
	{name: "officer", text: "city subject_kind subject username reason recorder", number: "seq", instant: "recorded_at", day: "since"},
	{name: "light_choice", text: "city template reason actor", number: "seq", instant: "at"},
	{
		name: "problem", text: "city id subject_kind subject org review title body recorder",
		number: "version", instant: "recorded_at",
	},
	{name: "problem_event", text: "city problem act state owner owner_org text actor", number: "seq", day: "due", instant: "at"},
	{name: "review", text: "city id org quarter title body digest actor", number: "sequence", instant: "at"},
	{name: "review_grade", text: "city review site grade remark actor", number: "seq", instant: "at"},
}
