// What the pages of the pipeline read from the server.
import type { Page } from '../shared/PageTable'

export type SubjectKind = 'tenancy' | 'project'
export type LightName = 'off' | 'green' | 'watched' | 'yellow' | 'red'
export const lights = ['red', 'yellow', 'watched', 'green', 'off'] as const

export interface Lifecycle {
  code: string
  of: SubjectKind
  name: string
  name_en: string
}

/** Card is one tenancy or project as the board, the table and the phone show it. */
export interface Card {
  kind: SubjectKind
  id: string
  name: string
  park: string
  park_name: string
  org: string
  org_name: string
  org_name_en: string
  enterprise: string
  area_m2: number | null
  /** In yuan. */
  investment: number | null
  stage: string
  since: string
  /** Days in the stage; unknown while its day is. */
  days: number | null
  norm_days: number | null
  way: string
  next_stage: string
  next_planned: string
  slip_days: number | null
  late: boolean
  light: LightName
  light_why: string
  light_why_en: string
  officer: string
  problems: number
  suspended: boolean
  ended: string
  version: number
  nature: string
}

export interface Lane {
  stage: string
  name: string
  name_en: string
  end: boolean
  count: number
  area_m2: number | null
  area_known: number
  investment: number | null
  investment_known: number
  late: number
  median_days: number | null
  conversion: number | null
  cards: Card[] | null
  next: string
}

export interface Kanban {
  lifecycle: { code: string; name: string; name_en: string }
  as_of: string
  lanes: Lane[] | null
}

export interface TableMark {
  stage: string
  planned: string
  first_planned: string
  day: string
  way: string
  replans: number
}

export type TableRow = Card & { milestones: TableMark[] | null }

/** Mark is a milestone of a Gantt row: index of the stage, first plan, latest plan, day that counts, way. */
export type Mark = [stage: number, first: string, planned: string, day: string, way: string]

export interface GanttRow {
  kind: SubjectKind
  id: string
  name: string
  park_name: string
  org_name: string
  org_name_en: string
  officer: string
  light: LightName
  suspended: boolean
  marks: Mark[] | null
}

export interface StageName {
  code: string
  name: string
  name_en: string
}

export interface GanttPage extends Page<GanttRow> {
  lifecycle: { code: string; name: string; name_en: string }
  stages: StageName[] | null
  as_of: string
  total: number
}

export interface FunnelStage {
  stage: string
  reached: number
  now: number
  conversion: number | null
  median_days: number | null
}

export interface FunnelRow {
  id: string
  kind: 'org' | 'park'
  name: string
  name_en: string
  stages: FunnelStage[] | null
}

export interface Funnel {
  as_of?: string
  stages: StageName[] | null
  items: FunnelRow[] | null
  total: { stages: FunnelStage[] | null }
}

export interface Baseline {
  id: string
  name: string
  moment: string
  actor: string
  at: string
}

export interface SlippageGroup {
  key: string
  name: string
  name_en: string
  subjects: number
  milestones: number
  moved: number
  later: number
  earlier: number
  added: number
  dropped: number
  days_mean: number | null
  days_max: number | null
}

export interface SlippageRow {
  kind: SubjectKind
  id: string
  name: string
  stage: string
  stage_name: string
  stage_name_en: string
  a: string
  b: string
  slip_days: number | null
}

export interface Slippage {
  a: { name: string; moment: string }
  b: { name: string; moment: string }
  items: SlippageGroup[] | null
  rows: SlippageRow[] | null
  /** How many more there are than are listed. */
  more: number
}

export const deeds = ['claim', 'verify', 'rollback'] as const
export type Deed = (typeof deeds)[number]

export interface Said {
  day: string
  source: string
  nature: string
  reason: string
  recorder: string
  recorded_at: string
}

export interface TrackStage {
  code: string
  name: string
  name_en: string
  state: 'entered' | 'deemed' | 'open' | 'blocked' | 'skipped'
  planned: Said | null
  claimed: Said | null
  verified: Said | null
  used: string
  day: string
  blocked: { key: string; message: string } | null
  guard: { text: string; text_en: string } | null
  can: string[] | null
}

export interface Track {
  kind: SubjectKind
  id: string
  name: string
  version: number
  stages: TrackStage[] | null
  can: string[] | null
}

export const grades = ['permit', 'record', 'photo', 'statement'] as const
export type Grade = (typeof grades)[number]

export interface Evidence {
  id: string
  stage: string
  grade: Grade
  title: string
  number: string
  issued: string
  file_name: string
  withdrawn_at: string | null
}

/** Step is what somebody says about a stage of a subject. */
export interface Step {
  version: number
  stage: string
  day: string
  source: string
  reason: string
  evidence: string[]
}

export interface StepChange {
  act: string
  stage: string
  way: string
  day: string
  reason: string
  actor: string
  at: string
}

/** Filter is what every view of the pipeline is limited by. */
export interface Filter {
  kind: SubjectKind
  lifecycle: string
  org?: string
  park?: string
  officer?: string
  light?: string
  q?: string
  late?: '1'
  stage?: string
}
