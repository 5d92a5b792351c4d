// How problems are told on screen, without a screen.
import { ApiError } from '../shared/api'
import type { Judgement } from '../shared/Verdict'
import { type Problem, type ProblemAct, type ProblemState, type ProblemStep, problemActs } from './types'

export const stateJudgements: Record<ProblemState, Judgement> = {
  open: 'bad',
  solved: 'fair',
  closed: 'good',
}

/** Lateness is how a due day stands: days late, due today or later, no day, or no longer of interest. */
export type Lateness =
  | { kind: 'late'; days: number }
  | { kind: 'due' }
  | { kind: 'undated' }
  | { kind: 'done' }

export function latenessOf({
  state,
  due,
  late_days,
}: Pick<Problem, 'state' | 'due' | 'late_days'>): Lateness {
  if (state !== 'open') return { kind: 'done' }
  if (!due) return { kind: 'undated' }
  return late_days !== null && late_days > 0 ? { kind: 'late', days: late_days } : { kind: 'due' }
}

/** actsOf are the acts that the caller may do now, in the order of work. */
export function actsOf({ can }: Pick<Problem, 'can'>): ProblemAct[] {
  return problemActs.filter((act) => can?.includes(act))
}

/** firstAct is the act that a form opens with: saying how it goes, else whatever there is. */
export function firstAct(acts: readonly ProblemAct[]): ProblemAct | undefined {
  return acts.find((act) => act === 'note') ?? acts[0]
}

/** silent acts say enough by themselves; the others need a text. */
export const silent = (act: ProblemAct) => act === 'assign' || act === 'due'

/** Entry is what the form of an act holds. */
export interface Entry {
  act: ProblemAct
  owner?: string
  owner_org?: string
  due?: string
  text?: string
}

/** stepOf gives what the form sends: only what belongs to its act, about the version that was seen. */
export function stepOf(entry: Entry, version: number): ProblemStep {
  const { act } = entry
  const text = entry.text?.trim() || undefined
  if (act === 'assign')
    return { version, act, owner: entry.owner ?? '', owner_org: entry.owner_org || undefined, text }
  if (act === 'due') return { version, act, due: entry.due?.trim(), text }
  return { version, act, text }
}

/** changedMeanwhile gives the server's sentence where somebody else was quicker; null for any other failure. */
export function changedMeanwhile(error: unknown): string | null {
  return error instanceof ApiError && error.status === 412 && error.key === 'problem.changed'
    ? error.message
    : null
}

/** pathOf is the page of what a problem or promise is about. */
export function pathOf(kind: string, id: string): string {
  const pages: Record<string, string> = { tenancy: 'tenancies', project: 'projects', park: 'parks' }
  return `/${pages[kind] ?? 'projects'}/${id}`
}
