// Which numbers stand at the head of the cockpit, and how a number is judged against its target.

import type { Indicator, Reading, ReadingTarget } from '../shared/types'
import type { Judgement } from '../shared/Verdict'

/** The tiles, in this order; every other indicator of the catalogue can be picked from a list below them. */
const order = [
  'park.floor_area.cumulative',
  'park.over_1000_mu',
  'park.in_use',
  'tenancy.production.cumulative',
  'tenancy.production.new',
  'tenancy.enrolled.cumulative',
  'tenancy.enrolled.new',
  'filing.output.year',
  'filing.output.new',
  'premises.leasing_rate',
]

/** headlines gives the indicators that have a tile, in the order of the tiles. */
export function headlines(indicators: Indicator[]): Indicator[] {
  return order.flatMap((code) => indicators.find((indicator) => indicator.code === code) ?? [])
}

/** Behind the curve by less than this share of the target is "slightly behind", not "behind". */
const tolerance = 0.05

/** judge compares a reading with where the target's curve says that it should be today. */
export function judge(target: ReadingTarget | null | undefined): Judgement | null {
  if (target?.kind !== 'target' || target.attainment == null) return null
  const due = paceShare(target)
  if (due === null) return null
  if (target.attainment >= due) return 'good'
  return target.attainment >= due - tolerance ? 'fair' : 'bad'
}

/** paceShare is the share of the target that is due today, 0…1; null where the target has no curve. */
export function paceShare(target: ReadingTarget): number | null {
  if (target.pace == null || !target.value) return null
  return target.pace / target.value
}

/** change compares with the same period a year before; null where that is unknown or was nothing. */
export function change(
  reading: Pick<Reading, 'value' | 'previous' | 'unit'>,
): { difference: number; share: number | null } | null {
  const { value, previous, unit } = reading
  if (value == null || previous == null) return null
  const difference = value - previous
  return { difference, share: unit === 'ratio' || previous === 0 ? null : difference / Math.abs(previous) }
}

/** agrees reports whether the rows of a cell add up to it; a tiny difference is floating-point dust. */
export function agrees(cell: number | null | undefined, total: number | null): boolean {
  if (cell == null || total === null) return (cell ?? 0) === (total ?? 0)
  return Math.abs(cell - total) <= 1e-6 * Math.max(1, Math.abs(cell))
}
