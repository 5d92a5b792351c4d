// What the page of a tenancy or project reads from the server.
export type SubjectKind = 'tenancy' | 'project'

export interface Ref {
  kind: SubjectKind
  id: string
}

/** ways are the four kinds of days, the weakest first. They are never one field. */
export const ways = ['planned', 'claimed', 'deemed', 'verified'] as const
export type Way = (typeof ways)[number]

/** grades are the grades of evidence, the strongest first. */
export const grades = ['permit', 'record', 'photo', 'statement'] as const
export type Grade = (typeof grades)[number]

export type Act = 'plan' | 'claim' | 'verify' | 'rollback' | 'suspend' | 'resume'
export type StageState = 'entered' | 'deemed' | 'open' | 'blocked' | 'skipped'
export type Basis = '' | 'established' | 'assumed'

/** Said is one statement of a day. */
export interface Said {
  day: string
  source: string
  nature: string
  reason: string
  recorder: string
  recorded_at: string
  evidence: string[] | null
}

/** DeemedDay is a day on which a stage counts as entered by a rule; without from, a deemed day was recorded. */
export interface DeemedDay {
  day: string
  from: string
  from_name: string
  from_name_en: string
  months: number
  days: number
  basis: Basis
  source: string
}

/** Ask is a fact that a stage's guard wants to be told with a claim or verification. */
export interface Ask {
  field: string
  kind: string
  unit: string
  name: string
  name_en: string
}

export interface Stage {
  code: string
  name: string
  name_en: string
  optional: boolean
  end: boolean
  after: string[] | null
  state: StageState
  planned: Said | null
  first_planned: Said | null
  replans: number
  slip_days: number | null
  claimed: Said | null
  deemed: DeemedDay | null
  verified: Said | null
  /** Whose recorded day counts; empty also where only a rule deems the stage entered. */
  used: '' | 'verified' | 'claimed' | 'deemed'
  day: string
  evidence: Record<Grade, number>
  blocked: { key: string; message: string } | null
  guard: { text: string; text_en: string } | null
  /** What only whoever takes the step can tell. */
  asks: Ask[] | null
  can: string[] | null
}

export interface Paper {
  id: string
  title: string
  grade: Grade
}

export type EventAct =
  | 'plan'
  | 'claim'
  | 'verify'
  | 'deem'
  | 'void'
  | 'suspend'
  | 'resume'
  | 'evidence'
  | 'withdraw'

/** TrackEvent is one thing that was recorded; void where it was taken back or withdrawn since. */
export interface TrackEvent {
  at: string
  actor: string
  act: EventAct
  stage: string
  way: '' | Way
  day: string
  reason: string
  source: string
  nature: string
  void: boolean
  evidence: Paper[] | null
}

export interface Track extends Ref {
  name: string
  lifecycle: { code: string; name: string; name_en: string }
  org: string
  org_name: string
  org_name_en: string
  park: string
  park_name: string
  enterprise: string
  enterprise_name: string
  area_m2: number | null
  /** In yuan. */
  investment: number | null
  relocated: boolean
  nature: string
  source: string
  version: number
  suspended: boolean
  suspended_name: string
  suspended_name_en: string
  ended: string
  officer: string
  stages: Stage[] | null
  history: TrackEvent[] | null
  can: string[] | null
}

/** Step is what somebody says about a subject. */
export interface Step {
  stage?: string
  day?: string
  source?: string
  reason?: string
  evidence?: string[]
  /** By field of what the stage asks for. */
  facts?: Record<string, string>
}

/** Wanted is the act that a drawer is open for; the stage is empty for suspend and resume. */
export interface Wanted {
  act: Act
  stage: string
}

/** Twin is the same picture, or nearly, at another place. */
export interface Twin {
  id: string
  subject_kind: string
  subject: string
  name: string
  stage: string
  exact: boolean
  distance: number
}

export interface Evidence {
  id: string
  stage: string
  grade: Grade
  title: string
  number: string
  issued: string
  expires: string
  file_name: string
  media: string
  size: number
  thumbnail: boolean
  taken_at: string | null
  latitude: number | null
  longitude: number | null
  note: string
  recorder: string
  recorded_at: string
  withdrawn_reason: string
  withdrawn_by: string
  withdrawn_at: string | null
  used: boolean
  twice: Twin[] | null
}

/** NewEvidence is evidence as it is handed in. */
export interface NewEvidence {
  stage?: string
  grade: Grade
  title: string
  number?: string
  issued?: string
  expires?: string
  note?: string
  file?: File | null
}

export const measures = ['investment', 'output', 'tax', 'jobs'] as const
export type Measure = (typeof measures)[number]
export const bases = ['total', 'per_mu', 'per_m2'] as const
export type PromiseBasis = (typeof bases)[number]
export type PromiseState = 'met' | 'on_course' | 'breach_likely' | 'breached' | 'not_due' | 'unknown'

/** PromiseItem is a promise as it was recorded; it counts unless a later one took its place. */
export interface PromiseItem {
  measure: Measure
  basis: PromiseBasis
  /** Since the clock, from 1; 0: in all, or every year. */
  year: number
  value: string
  unit: string
  clock: string
  source: string
  nature: string
  reason: string
  recorder: string
  recorded_at: string
  counts: boolean
}

/** PromiseRow is one promised period with what was filed. */
export interface PromiseRow {
  origin: string
  line: string
  name: string
  name_en: string
  measure: Measure
  basis: PromiseBasis
  value: string
  unit: string
  year: number
  from: string
  to: string
  clock: string
  /** Of the whole subject and period, yuan or persons. */
  promised: number | null
  actual: number | null
  /** In percent. */
  attainment: number | null
  months_known: number
  months_asked: number
  state: PromiseState
  why: string
  why_en: string
  source: string
  certain: Basis
  clock_deemed: boolean
}

export interface Land {
  how: 'stated' | 'share' | 'unknown'
  m2: number | null
  source: string
  area_m2: number | null
  park_land_m2: number | null
  park_floor_m2: number | null
  recorder: string
}

export interface Promises {
  items: PromiseItem[] | null
  rows: PromiseRow[] | null
  land: Land
  area_m2: number | null
  attainment: number | null
  can: string[] | null
}

export interface NewPromise {
  measure: Measure
  basis: PromiseBasis
  year: number
  value: string
  unit?: string
  clock?: string
  source: string
  reason?: string
}

/** Asked is what the drawer of promises is open for: a new promise, or the years of one that is there. */
export interface Asked {
  measure: Measure
  basis: PromiseBasis
  fixed: boolean
}

export interface Person {
  username: string
  name: string
  org_name: string
  org_name_en: string
  tenancies: number
  projects: number
  problems: number
  may: boolean
}

export interface Appointment {
  username: string
  name: string
  since: string
  reason: string
  recorder: string
  recorded_at: string
}

export type Officer = Appointment & { history: Appointment[] | null }
