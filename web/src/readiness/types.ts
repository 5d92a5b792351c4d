// What the pages of readiness read from the server. Amounts are yuan, electricity is kWh; null is not known.
import type { Basis } from '../shared/BasisTag'
import type { Page } from '../shared/PageTable'

export const verdicts = [
  'ready',
  'preparing',
  'misses',
  'below',
  'waiting',
  'in_list',
  'licence',
  'unknown',
  'no_sector',
] as const
export type VerdictName = (typeof verdicts)[number]

/** facts are what the bureau says, or the enterprise told it. None of them follows from another. */
export const factWords = [
  'applied',
  'returned',
  'accepted',
  'listed',
  'delisted',
  'base',
  'last_year',
] as const
export type FactWord = (typeof factWords)[number]

/** Chance is one day until which material is taken. */
export interface Chance {
  batch: string
  closes: string
}

export interface Window extends Chance {
  path: 'monthly' | 'yearly'
  /** null once it is over. */
  days_left: number | null
  ready: number
  preparing: number
  misses: number
  waiting: number
}

export interface Sign {
  sign: 'electricity' | 'taxable_sales' | 'tax' | 'revenue'
  over: 'year' | 'month'
  value: number | null
  above: number
  unit: 'yuan' | 'kwh'
  known: number
  asked: number
  hit: boolean
}

export interface ReadinessBase {
  enterprise: string
  name: string
  uscc: string
  org: string
  org_name: string
  org_name_en: string
  park: string
  park_name: string
  industry: string
  industry_name: string
  nature: string
  sector: string
  sector_name: string
  sector_name_en: string
  verdict: VerdictName
  says: string
  says_en: string
  path: 'monthly' | 'yearly' | ''
  window: Chance | null
  reachable: Chance | null
  days_left: number | null
  rolling: number | null
  threshold: number | null
  from: string
  to: string
  known: number
  asked: number
  met: boolean
  met_in: string
  late_days: number | null
  ready_on: string
  opened: string
  relocated: boolean
  in_list_since: string
  accepted: string
  applied: string
  next_task: string
  next_task_en: string
  next_due: string
  signs: Sign[] | null
}

export interface ReadinessItem extends ReadinessBase {
  blocks: number
  notes: number
}

export interface PackName {
  code: string
  number: string
  issuer: string
}

export type Summary = Record<VerdictName, number> & { entered: number }

export interface Board extends Page<ReadinessItem> {
  year: number
  today: string
  pack: PackName
  summary: Summary
  windows: Window[] | null
}

export interface Block {
  key: string
  text: string
  text_en: string
  due: string
  done: string
  late: boolean
}

export interface Month {
  month: string
  revenue: number | null
  output: number | null
  electricity: number | null
  tax: number | null
  counts: boolean
}

export interface Fact {
  fact: FactWord
  seq: number
  day: string
  month: string
  value: number | null
  void: boolean
  state: 'counts' | 'earlier' | 'taken_back' | 'void'
  nature: string
  source: string
  recorder: string
  recorded_at: string
}

export interface Paper {
  code: string
  name: string
  name_en: string
  takes: number
  lasts: number
  have: boolean
  expires: string
  derived: boolean
  expired: boolean
  /** Before the window closes. */
  ends: boolean
  evidence: string
  source: string
  recorder: string
  recorded_at: string
}

export interface Task {
  text: string
  text_en: string
  due: string
  late: boolean
}

export interface Rule {
  text: string
  text_en: string
  basis: Basis
  source: string
}

export interface Detail extends ReadinessBase {
  pack: PackName
  today: string
  blocks: Block[] | null
  notes: { text: string; text_en: string }[] | null
  months: Month[] | null
  base: number | null
  last_year: number | null
  facts: Fact[] | null
  papers: Paper[] | null
  tasks: Task[] | null
  rules: Rule[] | null
  can: string[] | null
}

export interface NewFact {
  fact: FactWord
  day: string
  month?: string
  value?: number
  source: string
  void?: boolean
}

export interface NewPaper {
  paper: string
  have: boolean
  expires?: string
  evidence?: string
  source?: string
}

/** Evidence is a file or paper that was handed in for a tenancy of the enterprise. */
export interface Evidence {
  id: string
  title: string
  number: string
  file_name: string
  withdrawn_at: string | null
}
