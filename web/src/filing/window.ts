import { lastMonthOf, monthTo } from '../shared/period'
import type { FormHead } from './types'

/** periodOf gives the period of a form that the screen's period stands for; "-" of a standing form. */
export function periodOf({ every }: Pick<FormHead, 'every'>, period: string): string {
  if (every === 'standing') return '-'
  return monthTo(lastMonthOf(period), every)
}
