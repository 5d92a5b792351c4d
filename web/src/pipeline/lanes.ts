// The lanes of the board and the groups of the table.
import type { Card, Filter, Lane, Lifecycle, TableRow } from './types'

/** cardsOf puts the cards of a lane and those loaded later into one list; a card that moved on meanwhile stands once. */
export function cardsOf(lane: Lane, later: readonly Card[]): Card[] {
  const seen = new Set<string>()
  return [...(lane.cards ?? []), ...later].filter((card) => {
    const key = keyOf(card)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

export function keyOf({ kind, id }: Pick<Card, 'kind' | 'id'>): string {
  return `${kind}/${id}`
}

/** sumOf is what a lane adds up: floor area for tenancies, investment for projects. */
export function sumOf(
  lane: Pick<Lane, 'area_m2' | 'investment'>,
  kind: Filter['kind'],
): { value: number | null; unit: 'm2' | 'yuan' } {
  return kind === 'tenancy' ? { value: lane.area_m2, unit: 'm2' } : { value: lane.investment, unit: 'yuan' }
}

/** knownOf is of how many subjects of a lane that is known which sumOf adds up. */
export function knownOf(lane: Pick<Lane, 'area_known' | 'investment_known'>, kind: Filter['kind']): number {
  return kind === 'tenancy' ? lane.area_known : lane.investment_known
}

/** Pace says how long a card has been in its stage against the norm. */
export type Pace = 'over' | 'within' | 'unknown'

export function paceOf({ days, norm_days }: Pick<Card, 'days' | 'norm_days'>): Pace {
  if (days === null || norm_days === null) return 'unknown'
  return days > norm_days ? 'over' : 'within'
}

export const groupings = ['county', 'park', 'stage'] as const
export type Grouping = (typeof groupings)[number]

export interface Group {
  key: string
  name: string
  rows: TableRow[]
}

/** groupsOf gathers rows in the order in which their groups first appear; stages in the order of the lifecycle. */
export function groupsOf(
  rows: readonly TableRow[],
  by: Grouping,
  names: { org: (row: TableRow) => string; stage: (code: string) => string; noPark: string },
  stages: readonly string[] = [],
): Group[] {
  const groups = new Map<string, Group>()
  for (const row of rows) {
    const key = by === 'county' ? row.org : by === 'park' ? row.park : row.stage
    const name =
      by === 'county'
        ? names.org(row)
        : by === 'park'
          ? row.park_name || names.noPark
          : names.stage(row.stage)
    const group = groups.get(key) ?? { key, name, rows: [] }
    group.rows.push(row)
    groups.set(key, group)
  }
  const place = (code: string) => (stages.includes(code) ? stages.indexOf(code) : stages.length)
  const out = [...groups.values()]
  return by === 'stage' ? out.sort((a, b) => place(a.key) - place(b.key)) : out
}

/** chosenOf picks the lifecycle of the address, else the first of the kind, else that of tenancies. */
export function chosenOf(
  lifecycles: readonly Lifecycle[],
  code: string | undefined,
  kind: string | undefined,
): Lifecycle | undefined {
  return (
    lifecycles.find((known) => known.code === code) ??
    lifecycles.find(({ of }) => of === kind) ??
    lifecycles.find(({ of }) => of === 'tenancy') ??
    lifecycles[0]
  )
}
