// How a track is told on screen: what a stage shows of each kind of day, how its plan moved, and what became of each event.
import type { Evidence, Stage, StageState, Track, TrackEvent, Way } from './types'
import { grades, ways } from './types'

/** DayOf is what a stage says in one way: its day, empty for none, and whether it is the one that counts. */
export interface DayOf {
  way: Way
  day: string
  counts: boolean
}

/** daysOf gives the four kinds of days of a stage, always all four, so that none is mistaken for another. */
export function daysOf(stage: Stage): DayOf[] {
  return ways.map((way) => ({
    way,
    day: stage[way]?.day ?? '',
    counts: way !== 'planned' && stage.used === way,
  }))
}

/** standingOf is the state of a stage; one that is open but does not meet its demands yet is lacking something. */
export function standingOf({ state, blocked }: Stage): StageState | 'lacking' {
  return state === 'open' && blocked ? 'lacking' : state
}

/** firstShown is the stage that a page opens with: the first one that can be entered next, else the last one that was entered. */
export function firstShown(stages: readonly Stage[]): Stage | undefined {
  const entered = stages.findLastIndex(({ used }) => used !== '')
  return (
    stages.find(({ state, end }, at) => (state === 'open' || state === 'deemed') && !end && at > entered) ??
    stages[entered] ??
    stages[0]
  )
}

/** Replan is one plan of a stage; days is its distance from the plan before it, null where one is not known to the day. */
export interface Replan {
  event: TrackEvent
  days: number | null
}

/** plansOf lists the plans of a stage that stand, the first one first. */
export function plansOf(history: readonly TrackEvent[], stage: string): Replan[] {
  const plans = history.filter((event) => event.act === 'plan' && event.stage === stage && !event.void)
  return plans.map((event, at) => ({ event, days: daysBetween(plans[at - 1]?.day ?? '', event.day) }))
}

/** daysBetween counts the days from one date to another; null unless both are known to the day. */
export function daysBetween(from: string, to: string): number | null {
  const whole = /^\d{4}-\d{2}-\d{2}$/
  if (!whole.test(from) || !whole.test(to)) return null
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

/** Told is an event with how it ended: undone says why and by whom it was taken back, where that is known. */
export interface Told {
  event: TrackEvent
  undone: TrackEvent | null
}

/** toldOf tells a history in its order. A taking back is told beside what it took back and as an event of its own. */
export function toldOf(history: readonly TrackEvent[]): Told[] {
  return history.map((event, at) => ({
    event,
    undone: event.void ? (history.slice(at + 1).find((later) => undoes(later, event)) ?? null) : null,
  }))
}

function undoes(later: TrackEvent, event: TrackEvent): boolean {
  if (event.act === 'evidence')
    return later.act === 'withdraw' && later.evidence?.[0]?.id === event.evidence?.[0]?.id
  return (
    later.act === 'void' && later.stage === event.stage && later.way === event.way && later.day === event.day
  )
}

/** takenWith lists what is taken back together with a stage: every entered stage that builds on it. */
export function takenWith(stages: readonly Stage[], code: string): Stage[] {
  const gone = new Set([code])
  for (let grown = true; grown; ) {
    grown = false
    for (const { code: other, after } of stages)
      if (!gone.has(other) && after?.some((under) => gone.has(under))) {
        gone.add(other)
        grown = true
      }
  }
  return stages.filter(({ code: other, used }) => other !== code && used !== '' && gone.has(other))
}

/** byGrade sorts evidence the strongest first; what was withdrawn comes last. */
export function byGrade(evidence: readonly Evidence[]): Evidence[] {
  const place = ({ withdrawn_at, grade }: Evidence) =>
    (withdrawn_at ? grades.length : 0) + grades.indexOf(grade)
  return [...evidence].sort((a, b) => place(a) - place(b) || a.recorded_at.localeCompare(b.recorded_at))
}

/** may reports whether the page offers an act on the whole subject. */
export function may(track: Pick<Track, 'can'>, act: string): boolean {
  return track.can?.includes(act) ?? false
}
