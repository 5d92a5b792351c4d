import { number, type Scale } from '../shared/format'
import { unitIn, type useText } from '../shared/i18n'
import type { Measure } from './types'

/** dated is how a day is typed; its month or day may be unknown. */
export const dated = /^\d{4}(-\d{2}(-\d{2})?)?$/

type T = ReturnType<typeof useText>['t']

/** Clock is from when the years of a promise count: a stage, months after it, calendar years. */
export interface Clock {
  stage: string
  months: number
  calendar: boolean
}

/** clockOf reads "production+6m/year". */
export function clockOf(text: string): Clock {
  const calendar = text.endsWith('/year')
  const [stage = '', after = ''] = text.replace(/\/year$/, '').split('+')
  return { stage, months: Number.parseInt(after, 10) || 0, calendar }
}

/** clockText writes a clock as the server reads it. */
export function clockText({ stage, months, calendar }: Clock): string {
  return `${stage}${months > 0 ? `+${months}m` : ''}${calendar ? '/year' : ''}`
}

/** clockWords says from when the years count. */
export function clockWords(t: T, clock: Clock, stageName: string): string {
  const begun =
    clock.months > 0
      ? t('promise.clockAfter', { stage: stageName, count: clock.months })
      : t('promise.clockFrom', { stage: stageName })
  return clock.calendar ? t('promise.clockCalendar', { begun }) : begun
}

/** yearWords names a year since the clock; 0 is the whole, or every year. */
export function yearWords(t: T, measure: Measure, year: number): string {
  if (year > 0) return t('promise.year', { count: year })
  return t(measure === 'investment' ? 'promise.inAll' : 'promise.everyYear')
}

/** amountsOf writes values of one measure on one scale: money in the unit in which promises are typed, jobs in persons. */
export function amountsOf(values: readonly (number | null)[], measure: Measure, people: string) {
  const most = Math.max(0, ...values.map((value) => value ?? 0))
  const scale: Scale =
    measure === 'jobs'
      ? { divisor: 1, decimals: 0, unit: people }
      : { divisor: tenThousand, decimals: most >= 100 * tenThousand ? 0 : 2, unit: unitIn('万元') }
  return { unit: scale.unit, write: (value: number | null) => number(value, scale) }
}

const tenThousand = 10_000
