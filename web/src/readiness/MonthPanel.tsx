import { Button } from 'antd'
import { useState } from 'react'
import { type Column, DataTable } from '../shared/DataTable'
import { number, periodName, scaleOf } from '../shared/format'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import type { Detail, Month } from './types'
import { gapsOf, shownMonths } from './view'

type Amount = 'revenue' | 'output' | 'tax'

/** MonthPanel shows what was filed month by month. A month of which nothing was filed stays a gap, never a zero. */
export function MonthPanel({ detail }: { detail: Detail }) {
  const { t, lang } = useText()
  const [all, setAll] = useState(false)
  const months = detail.months ?? []
  const shown = shownMonths(months, all)
  const gaps = gapsOf(months)
  const gap = (month: Month) => (
    <span className={month.counts ? 'pb-ready-gap' : 'pb-soft'}>{month.counts ? t('ready.gap') : '—'}</span>
  )
  const amount = (key: Amount): Column<Month> => {
    const scale = scaleOf(
      months.map((month) => month[key]),
      'yuan',
      lang,
    )
    return {
      key,
      title: `${t(`return.${key}`)} (${scale.unit})`,
      numeric: true,
      render: (month) =>
        month[key] === null
          ? key === 'tax'
            ? '—'
            : gap(month)
          : number(month[key], { ...scale, decimals: 2 }),
    }
  }
  const columns: Column<Month>[] = [
    {
      key: 'month',
      title: t('trend.month'),
      heading: true,
      render: ({ month, counts }) => (
        <>
          {periodName(month, lang)} {counts && <span className="pb-ready-counts">{t('ready.counts')}</span>}
        </>
      ),
    },
    amount('revenue'),
    amount('output'),
    {
      key: 'electricity',
      title: `${t('return.electricity')} (${t('ready.kwh')})`,
      numeric: true,
      render: ({ electricity }) => (electricity === null ? '—' : electricity.toLocaleString('en-US')),
    },
    amount('tax'),
  ]
  return (
    <Panel
      title={t('ready.months')}
      note={gaps > 0 ? t('ready.gaps', { count: gaps }) : t('ready.monthsNote')}
      extra={
        months.length > shown.length || all ? (
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? t('ready.fewer') : t('ready.allMonths', { count: months.length })}
          </Button>
        ) : null
      }
    >
      {months.length === 0 ? (
        <Empty title={t('returns.none')} />
      ) : (
        <DataTable
          compact
          caption={t('ready.months')}
          columns={columns}
          items={shown}
          rowKey={({ month }) => month}
          picked={({ counts }) => counts}
        />
      )}
    </Panel>
  )
}
