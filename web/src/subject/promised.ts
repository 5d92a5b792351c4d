// What the form of promises sends: only what it says otherwise than what stands.
import type { Asked, Measure, NewPromise, PromiseBasis, PromiseItem, Promises } from './types'
import { clockText } from './words'

export interface Line {
  year: number
  value: string
}

/** Entry is what the form of promises holds. */
export interface Entry {
  measure: Measure
  basis: PromiseBasis
  stage: string
  months: number | null
  calendar: boolean
  source: string
  reason?: string
  lines: (Line | undefined)[]
}

/** unitOf is the unit in which a promise is typed. */
export function unitOf(measure: Measure, basis: PromiseBasis): string {
  if (measure === 'jobs') return '人'
  return basis === 'per_m2' ? '元' : '万元'
}

/** standingOf are the promises that the drawer was opened to change, by year. */
export function standingOf(promises: Promises, asked: Asked): PromiseItem[] {
  if (!asked.fixed) return []
  return (promises.items ?? [])
    .filter(({ measure, basis, counts }) => counts && measure === asked.measure && basis === asked.basis)
    .sort((a, b) => a.year - b.year)
}

/** changed lists what the form says otherwise than what stands; a year that was taken away is no longer promised. */
export function changed(entry: Entry, asked: Asked, standing: readonly PromiseItem[]): NewPromise[] {
  const { measure = asked.measure, basis = asked.basis, source, reason = '' } = entry
  const clock = clockText({ stage: entry.stage, months: entry.months ?? 0, calendar: entry.calendar })
  const lines = entry.lines.filter((line) => line !== undefined)
  const common = { measure, basis, unit: unitOf(measure, basis), clock, source: source.trim() }
  const before = new Map(standing.map((item) => [item.year, item]))
  const told = lines
    .filter(({ year, value }) => {
      const old = before.get(year)
      return old
        ? old.value !== value.trim() || old.clock !== clock || old.source !== common.source
        : value.trim() !== ''
    })
    .map(({ year, value }) => ({ ...common, year, value: value.trim(), reason: reason.trim() }))
  const gone = standing
    .filter(({ year }) => !lines.some((line) => line.year === year))
    .map(({ year }) => ({ ...common, year, value: '', reason: reason.trim() }))
  return [...told, ...gone]
}
