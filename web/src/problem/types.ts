// What the pages of problems read from the server.
import type { Basis, PromiseRow } from '../subject/types'

export const subjectKinds = ['tenancy', 'project', 'park'] as const
export type SubjectKind = (typeof subjectKinds)[number]

export const problemStates = ['open', 'solved', 'closed'] as const
export type ProblemState = (typeof problemStates)[number]

export const problemActs = ['assign', 'due', 'escalate', 'note', 'solve', 'confirm', 'reopen'] as const
export type ProblemAct = (typeof problemActs)[number]

export interface Problem {
  id: string
  kind: SubjectKind
  subject: string
  subject_name: string
  org: string
  org_name: string
  org_name_en: string
  title: string
  body: string
  state: ProblemState
  owner: string
  owner_name: string
  owner_org: string
  owner_org_name: string
  owner_org_name_en: string
  officer: string
  due: string
  /** 0 until the due day; null without one, and once solved. */
  late_days: number | null
  /** 0: with its owner; 1 and 2: followed by the offices above. */
  level: number
  level_org: string
  level_org_name: string
  level_org_name_en: string
  level_why: string
  level_why_en: string
  level_basis: Basis
  opened_at: string
  opened_by: string
  changed_at: string
  changed_by: string
  review: string
  version: number
  can: ProblemAct[] | null
}

export interface ProblemEvent {
  seq: number
  act: 'open' | ProblemAct
  state: ProblemState
  owner: string
  owner_name: string
  owner_org: string
  owner_org_name: string
  owner_org_name_en: string
  due: string
  text: string
  actor: string
  at: string
}

export type ProblemPage = Problem & { events: ProblemEvent[] | null }

export interface NewProblem {
  kind: SubjectKind
  subject: string
  title: string
  body?: string
  owner?: string
  owner_org?: string
  due?: string
  review?: string
}

export interface ProblemStep {
  version: number
  act: ProblemAct
  owner?: string
  owner_org?: string
  due?: string
  text?: string
}

export interface Person {
  username: string
  name: string
  org: string
  org_name: string
  org_name_en: string
  problems: number
  may: boolean
}

export interface Step {
  when: 'late' | 'undated'
  days: number
  level: number
  name: string
  name_en: string
  basis: Basis
  source: string
}

export interface Rules {
  number: string
  issuer: string
  from: string
  steps: Step[] | null
}

/** Breach is a promise that is missed, or will be at the pace so far. */
export interface Breach {
  kind: 'tenancy' | 'project'
  id: string
  name: string
  park: string
  org: string
  org_name: string
  org_name_en: string
  row: PromiseRow
}

export interface SubjectHit {
  id: string
  name: string
  where: string
}
