// Two officers at one milestone: the second sees what the first did beside what they were about to say.
import { type Answered, told } from '../shared/calls'
import type { StepChange } from './types'

/** Theirs is what happened to a subject since the version that a step was about. */
export interface Theirs {
  actor: string
  at: string
  version: number
  changes: StepChange[]
}

export class Changed extends Error {
  readonly theirs: Theirs
  constructor(theirs: Theirs) {
    super('milestone.changed')
    this.name = 'Changed'
    this.theirs = theirs
  }
}

interface ChangedProblem {
  key?: string
  args?: { actor?: string; at?: string; version?: number | string }
  changes?: StepChange[] | null
}

/** changedIn reads what others did from a refusal; null where the refusal is about something else. */
export function changedIn(body: unknown): Theirs | null {
  const told = (typeof body === 'object' && body !== null ? body : {}) as ChangedProblem
  if (told.key !== 'milestone.changed') return null
  const changes = told.changes ?? []
  const last = changes.at(-1)
  return {
    actor: told.args?.actor || last?.actor || '',
    at: told.args?.at || last?.at || '',
    version: Number(told.args?.version ?? 0),
    changes,
  }
}

/** Mine is the user's own step as it stands beside those of others. */
export interface Mine {
  act: string
  stage: string
  day: string
  reason: string
}

/** Sides are the changes of others about the stage of my step, then the rest, each newest first. */
export interface Sides {
  about: StepChange[]
  other: StepChange[]
  /** The other one said the same of the stage. */
  same: boolean
}

export function sidesOf(theirs: Theirs, mine: Mine): Sides {
  const newest = [...theirs.changes].sort((a, b) => b.at.localeCompare(a.at))
  const about = newest.filter(({ stage }) => stage === mine.stage)
  const first = about[0]
  return {
    about,
    other: newest.filter(({ stage }) => stage !== mine.stage),
    same: first !== undefined && first.act === mine.act && first.day === mine.day,
  }
}

/** stepped awaits a step; where somebody else changed the subject meanwhile, it throws Changed with what they did. */
export async function stepped<Body>(call: Answered): Promise<Body> {
  const answer = await call.catch(() => null)
  const changed = answer && !answer.response.ok ? changedIn(answer.error) : null
  if (changed) throw new Changed(changed)
  return told(call)
}
