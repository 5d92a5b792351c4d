import { Button, Select } from 'antd'
import { useMe } from '../session/session'
import { periodName } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import { lastMonthOf, periodsBetween } from '../shared/period'
import { useSetSearch } from '../shell/scope'

/** monthAfter gives the month that follows one; by counts backwards when negative. */
export function monthAfter(month: string, by = 1): string {
  const number = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`
}

/** PeriodPick chooses the month that is filed: those with returns, and on to the present one. */
export function PeriodPick({ period, today }: { period: string; today: string }) {
  const { t, lang } = useText()
  const { first_period, last_period } = useMe()
  const setSearch = useSetSearch()
  const month = lastMonthOf(period)
  const ends = [last_period, today.slice(0, 7), month].filter(Boolean).sort()
  const last = ends.at(-1) ?? month
  const first = [first_period || month, month].sort()[0] ?? month
  const choose = (next: string) => setSearch({ period: next })
  return (
    <span className="pb-month-pick">
      <Button aria-label={t('task.monthBefore')} onClick={() => choose(monthAfter(month, -1))}>
        <Glyph name="down" />
      </Button>
      <Select
        aria-label={t('period.label')}
        value={month}
        onChange={choose}
        style={{ width: 130 }}
        options={periodsBetween(first, last, 'month').map((value) => ({
          value,
          label: periodName(value, lang),
        }))}
      />
      <Button
        aria-label={t('task.monthAfter')}
        disabled={month >= last}
        onClick={() => choose(monthAfter(month))}
      >
        <Glyph name="up" />
      </Button>
    </span>
  )
}
