// The stages of a tenancy in their order. Settled, fitting out and in production are never one number.
export const stages = [
  'intent',
  'framework',
  'signed',
  'handed_over',
  'fitting_out',
  'trial',
  'production',
  'at_capacity',
  'enrolled',
  'expanding',
  'cleared',
] as const

/** mainStages are the ones that every tenancy is expected to pass; the stepper always shows them. */
export const mainStages: readonly string[] = [
  'signed',
  'handed_over',
  'fitting_out',
  'production',
  'at_capacity',
  'enrolled',
]

interface Entered {
  stage: string
  way: string
}

/** Step is a stage of one tenancy: entered; passed without a date; or still ahead. */
export interface Step<Entry> {
  stage: string
  entries: Entry[]
  state: 'entered' | 'unrecorded' | 'ahead'
}

/** steps lists the main stages and every other stage that has an entry, in order. A plan is not an entry. */
export function steps<Entry extends Entered>(entries: readonly Entry[]): Step<Entry>[] {
  const real = entries.filter(({ way }) => way !== 'planned')
  const furthest = Math.max(-1, ...real.map(({ stage }) => place(stage)))
  return stages
    .map((stage) => {
      const own = entries.filter((entry) => entry.stage === stage)
      const entered = own.some(({ way }) => way !== 'planned')
      const state: Step<Entry>['state'] = entered
        ? 'entered'
        : place(stage) < furthest
          ? 'unrecorded'
          : 'ahead'
      return { stage, entries: own, state }
    })
    .filter(({ stage, entries: own }) => own.length > 0 || mainStages.includes(stage))
}

function place(stage: string): number {
  return (stages as readonly string[]).indexOf(stage)
}
