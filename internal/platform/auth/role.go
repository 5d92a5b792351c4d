package auth

import "slices"

// Role is what an account is for (角色). An account has exactly one.
type Role string

// The roles. RoleNone is a new account's: it may log in, change its password, and nothing else.
const (
	RoleNone      Role = "none"
	SystemAdmin   Role = "system_admin"   // 系统管理员
	SecurityAdmin Role = "security_admin" // 安全管理员
	AuditAdmin    Role = "audit_admin"    // 审计管理员
	CityOffice    Role = "city_office"    // 市园区办
	CountyOffice  Role = "county_office"  // 县级园区办
	ParkOperator  Role = "park_operator"  // 园区运营方
	Enterprise    Role = "enterprise"     // 企业
	Viewer        Role = "viewer"         // 查阅者
)

// Roles lists all roles.
func Roles() []Role {
	return []Role{RoleNone, SystemAdmin, SecurityAdmin, AuditAdmin, CityOffice, CountyOffice, ParkOperator, Enterprise, Viewer}
}

// Valid says whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Action is something that not everybody may do.
type Action string

// The actions. What everybody may do with their own account (password, tokens) is none.
const (
	BusinessRead    Action = "business.read" // see the rows of one's Scope
	ParkEdit        Action = "park.edit"
	ParkImport      Action = "park.import"
	FigureRecord    Action = "figure.record"
	FigureChoose    Action = "figure.choose"
	TargetRead      Action = "target.read"   // see what plans want; never who enters figures
	FilingFill      Action = "filing.fill"   // fill in, submit, recall, explain
	FilingReview    Action = "filing.review" // approve, return, reopen
	FilingImport    Action = "filing.import"
	FormEdit        Action = "form.edit"
	ClosingMake     Action = "closing.make"
	FindingRead     Action = "finding.read"
	MilestoneEdit   Action = "milestone.edit"   // plan, claim, take back, bring evidence
	MilestoneVerify Action = "milestone.verify" // say that evidence proves it
	EvidencePlace   Action = "evidence.place"   // see where and when a photo was taken
	LifecycleEdit   Action = "lifecycle.edit"
	PromiseEdit     Action = "promise.edit"
	EnrolmentEdit   Action = "enrolment.edit" // record what the statistics office says
	ProblemEdit     Action = "problem.edit"
	ReviewMake      Action = "review.make"
	UserRead        Action = "user.read"
	UserCreate      Action = "user.create"
	UserEdit        Action = "user.edit" // name, disabled
	UserGrant       Action = "user.grant"
	UserUnlock      Action = "user.unlock"
	AuditRead       Action = "audit.read"
)

// Actions lists all actions.
func Actions() []Action {
	return []Action{BusinessRead, ParkEdit, ParkImport, FigureRecord, FigureChoose,
		TargetRead, FilingFill, FilingReview, FilingImport, FormEdit, ClosingMake, FindingRead,
		MilestoneEdit, MilestoneVerify, EvidencePlace, LifecycleEdit, PromiseEdit, EnrolmentEdit, ProblemEdit, ReviewMake,
		UserRead, UserCreate, UserEdit, UserGrant, UserUnlock, AuditRead}
}

// permissions is the whole table of who may do what. Where a role has a place, an action counts within it only: the
// caller checks Scope.Within as well.
//
// The system administrator reads the ledger and imports because whoever installs the product brings in the first list
// and looks whether it arrived; every other business write needs a role that somebody else granted.
var permissions = map[Action][]Role{
	BusinessRead:    {SystemAdmin, CityOffice, CountyOffice, ParkOperator, Enterprise, Viewer},
	ParkEdit:        {CityOffice, CountyOffice},
	ParkImport:      {SystemAdmin, CityOffice, CountyOffice},
	FigureRecord:    {CityOffice, CountyOffice, ParkOperator},
	FigureChoose:    {CityOffice, CountyOffice},
	TargetRead:      {SystemAdmin, CityOffice, CountyOffice, Viewer},
	FilingFill:      {CityOffice, CountyOffice, ParkOperator, Enterprise},
	FilingReview:    {CityOffice, CountyOffice, ParkOperator},
	FilingImport:    {SystemAdmin, CityOffice, CountyOffice, ParkOperator, Enterprise},
	FormEdit:        {CityOffice},
	ClosingMake:     {CityOffice},
	FindingRead:     {CityOffice, CountyOffice, ParkOperator, Enterprise, Viewer},
	MilestoneEdit:   {CityOffice, CountyOffice, ParkOperator},
	MilestoneVerify: {CityOffice, CountyOffice},
	EvidencePlace:   {CityOffice, CountyOffice},
	LifecycleEdit:   {CityOffice},
	PromiseEdit:     {CityOffice, CountyOffice},
	EnrolmentEdit:   {CityOffice, CountyOffice},
	ProblemEdit:     {CityOffice, CountyOffice, ParkOperator},
	ReviewMake:      {CityOffice},
	UserRead:        {SystemAdmin, SecurityAdmin},
	UserCreate:      {SystemAdmin},
	UserEdit:        {SystemAdmin},
	UserGrant:       {SecurityAdmin},
	UserUnlock:      {SecurityAdmin},
	AuditRead:       {AuditAdmin},
}

// Kinds of org as in the column org.kind.
const (
	orgCity      = "city"
	orgCounty    = "county"
	orgCommittee = "committee"
	orgOperator  = "operator"
)

// places says at which kinds of org a role sits; a role that is not listed has no org. A park operator sits at the county
// where the operator is not an org of its own.
var places = map[Role][]string{
	CityOffice:   {orgCity},
	CountyOffice: {orgCounty},
	ParkOperator: {orgCounty, orgCommittee, orgOperator},
	Viewer:       {orgCity, orgCounty, orgCommittee, orgOperator},
}

// May says whether the user's role allows the action; never for a disabled account. Rows are a matter of Scope.
func (u User) May(a Action) bool {
	return !u.Disabled && slices.Contains(permissions[a], u.Role)
}

// Scope gives the rows that the user sees: the whole city for the city office and the system administrator, the org's
// subtree for those who have a place, one's own for an enterprise, nothing for everybody else and the disabled.
func (u User) Scope() Scope {
	if !u.May(BusinessRead) {
		return Scope{}
	}
	switch u.Role {
	case SystemAdmin, CityOffice:
		return Whole(u.City)
	case CountyOffice, ParkOperator, Viewer:
		return Scope{City: u.City, Path: u.OrgPath}
	case Enterprise:
		return Scope{City: u.City, Enterprise: u.Enterprise}
	default:
		return Scope{}
	}
}
