// What the pages of quarter reviews read from the server. The body is what was frozen and never changes.
import type { Problem } from '../problem/types'
import type { VerdictName } from '../readiness/types'

export interface Head {
  id: string
  org: string
  org_name: string
  org_name_en: string
  quarter: string
  title: string
  sequence: number
  digest: string
  actor: string
  at: string
}

export interface Value {
  as_of: string
  value: number | null
  previous: number | null
  rows: number
  natures: string[] | null
}

export interface Indicator {
  code: string
  name: string
  name_en: string
  unit: string
  pack: string
  quarter: Value
  year: Value
}

export interface StageName {
  code: string
  name: string
  name_en: string
}

export interface Lifecycle extends StageName {
  number: string
  stages: StageName[] | null
}

export interface Count {
  stage: string
  reached: number
  now: number
  area_m2: number
}

export interface Place {
  org: string
  org_name: string
  org_name_en: string
  sites: number
  tenants: number
  projects: number
  late: number
  problems: number
  funnel: Count[] | null
}

export interface VerdictCount {
  verdict: VerdictName
  count: number
}

export interface Figure {
  field: string
  value: number
  unit: string
  nature: string
  source: string
  as_of: string
}

export type LightName = 'off' | 'green' | 'yellow' | 'red'

/** Row is what is told of a tenant and of a project. */
export interface Row {
  id: string
  name: string
  stage: string
  since: string
  way: string
  next: string
  next_planned: string
  late: boolean
  suspended: boolean
  light: LightName
  light_why: string
  light_why_en: string
  officer: string
  problems: number
  nature: string
}

export interface Tenant extends Row {
  enterprise: string
  entered: string[] | null
  area_m2: number | null
  relocated: boolean
}

export interface Milestone {
  stage: string
  first: string
  planned: string
  replans: number
  day: string
  way: string
  slip: number | null
}

export interface Project extends Row {
  lifecycle: string
  org: string
  enterprise_name: string
  investment_fen: number | null
  milestones: Milestone[] | null
}

export interface FrozenProblem {
  id: string
  kind: string
  subject: string
  subject_name: string
  title: string
  state: 'open' | 'solved'
  owner: string
  owner_org: string
  owner_org_name: string
  due: string
  late_days: number
  level: number
}

export interface Change {
  kind: 'site' | 'tenancy' | 'project' | 'problem'
  id: string
  name: string
  what:
    | 'came'
    | 'went'
    | 'stage'
    | 'area'
    | 'reached'
    | 'undone'
    | 'planned'
    | 'state'
    | 'due'
    | 'built'
    | 'lettable'
  stage: string
  before: string
  after: string
}

export interface Site {
  park: string
  name: string
  org: string
  org_name: string
  org_name_en: string
  mode: string
  developer: string
  leading_industry: string
  pilot: boolean | null
  phases: number
  land_m2: number | null
  built_m2: number | null
  lettable_m2: number | null
  let_m2: number
  let_unknown: number
  let_ppm: number | null
  figures: Figure[] | null
  funnel: Count[] | null
  lights: Record<LightName, number>
  readiness: VerdictCount[] | null
  tenants: Tenant[] | null
  projects: Project[] | null
  problems: FrozenProblem[] | null
  changes: Change[] | null
}

export interface BridgeStep {
  stage: string
  before: number
  after: number
  came: { id: string; name: string }[] | null
  went: { id: string; name: string }[] | null
}

export interface Before {
  id: string
  quarter: string
  at: string
  digest: string
  bridge: BridgeStep[] | null
  gone: { park: string; name: string }[] | null
}

export interface Body {
  org_kind: 'city' | 'county'
  day: string
  indicators: Indicator[] | null
  lifecycles: Lifecycle[] | null
  funnel: Count[] | null
  places: Place[] | null
  sites: Site[] | null
  readiness: { year: number; pack: string; entered: number; verdicts: VerdictCount[] | null }
  elsewhere: Project[] | null
  before: Before | null
}

export interface Target {
  indicator: string
  kind: 'target' | 'result'
  year: number
  value: number
  unit: string
  stated: string
  stated_unit: string
  source: string
  pace: number | null
}

export interface Grade {
  /** A park, an office below a city, or empty for the whole. */
  site: string
  seq: number
  counts: boolean
  grade: string
  grade_name: string
  grade_name_en: string
  remark: string
  actor: string
  at: string
}

export interface GradeWord {
  code: string
  name: string
  name_en: string
  basis: '' | 'established' | 'assumed'
  source: string
}

export interface Review extends Head {
  main_digest: string
  targets_digest: string
  body: Body
  targets?: { targets: Target[] | null }
  grades: Grade[] | null
  scale: GradeWord[] | null
  scale_note: string
  scale_note_en: string
  problems: Problem[] | null
  may: boolean
}
