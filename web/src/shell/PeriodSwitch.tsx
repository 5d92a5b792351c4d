import { Segmented, Select } from 'antd'
import { useMe } from '../session/session'
import { periodName } from '../shared/format'
import { useText } from '../shared/i18n'
import { type Grain, grainOf, periodsBetween, toGrain } from '../shared/period'
import { useScope, useSetSearch } from './scope'

/** PeriodSwitch chooses a year, a quarter or a month of those that have data. */
export function PeriodSwitch() {
  const { t, lang } = useText()
  const { first_period, last_period: last } = useMe()
  const first = first_period || last // a ledger without returns has its present month only
  const { period } = useScope()
  const setSearch = useSetSearch()
  const grain = grainOf(period)
  const choose = (next: string) => setSearch({ period: next, rows: undefined })
  return (
    <div className="pb-period">
      <Segmented<Grain>
        aria-label={t('period.grain')}
        value={grain}
        onChange={(next) => choose(toGrain(period, next, first, last))}
        options={(['year', 'quarter', 'month'] as const).map((value) => ({
          value,
          label: t(`period.${value}`),
        }))}
      />
      <Select
        aria-label={t('period.label')}
        className="pb-period-select"
        value={period}
        onChange={choose}
        options={periodsBetween(first, last, grain).map((value) => ({
          value,
          label: periodName(value, lang),
        }))}
      />
    </div>
  )
}
