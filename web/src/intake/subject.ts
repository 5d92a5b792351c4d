// For whom and for which period a file is.
import { grainOf, isPeriod, lastMonthOf, monthTo, periodsBetween } from '../shared/period'
import type { Me } from '../shared/types'
import type { FormHead } from './types'

type Horizon = Pick<Me, 'first_period' | 'last_period' | 'default_period'>
type Rhythm = Pick<FormHead, 'every'>

const thisMonth = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7)

/** formPeriods lists the periods that a form may be filed for, newest first; none for a standing form. */
export function formPeriods({ every }: Rhythm, me: Horizon, now = thisMonth()): string[] {
  if (every === 'standing') return []
  const first = lastMonthOf(me.first_period || me.last_period || me.default_period)
  return periodsBetween(first < now ? first : now, now, every)
}

/** presentPeriod is the period asked for where it is one of the form's, else the last one that has ended. */
export function presentPeriod(
  form: Rhythm,
  asked: string | undefined,
  me: Horizon,
  now = thisMonth(),
): string {
  if (form.every === 'standing') return ''
  if (isPeriod(asked) && grainOf(asked) === form.every) return asked
  const periods = formPeriods(form, me, now)
  return periods[1] ?? periods[0] ?? monthTo(now, form.every)
}

/** templateAddress is where the form's workbook is fetched, once it is known for whom. */
export function templateAddress(
  form: Pick<FormHead, 'code' | 'subject'>,
  subject: string | undefined,
  period: string,
): string | undefined {
  if (!subject) return undefined
  const parts = [form.code, form.subject, subject, period || '-'].map(encodeURIComponent)
  return `/api/v1/filings/${parts.join('/')}/template`
}
