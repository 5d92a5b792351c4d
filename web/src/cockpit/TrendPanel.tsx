import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useMe } from '../session/session'
import { axes, legend, tooltip } from '../shared/chartTheme'
import { type Column, DataTable } from '../shared/DataTable'
import { number, periodName, scaleOf, withUnit } from '../shared/format'
import { useText } from '../shared/i18n'
import { LazyChart } from '../shared/LazyChart'
import { Loaded, Panel } from '../shared/Panel'
import { monthsOf, yearBefore } from '../shared/period'
import { colors } from '../shared/theme'
import type { Group, Indicator, Reading } from '../shared/types'
import { useReading } from './queries'
import { cutOf, indicatorName, unitWord, type View } from './view'

const height = 300
const earlierColor = '#7d8ba3'

/** TrendPanel draws the months of the year, last year beside them; the same as a table on demand. */
export function TrendPanel({ indicator, view }: { indicator: Indicator; view: View }) {
  const { t, lang } = useText()
  const { first_period, last_period } = useMe()
  const first = first_period || last_period
  const [asTable, setAsTable] = useState(false)
  const cut = cutOf(view, indicator.code, 'month')
  const reading = useReading(cut)
  const before = useReading(
    { ...cut, period: yearBefore(view.year) },
    yearBefore(view.year) >= first.slice(0, 4),
  )
  const open = (month: string) => view.open({ by: 'month', group: month })
  return (
    <Panel
      className="pb-trend"
      title={t('trend.panel')}
      note={periodName(view.year, lang)}
      extra={
        <Segmented
          aria-label={t('trend.form')}
          value={asTable ? 'table' : 'chart'}
          onChange={(form) => setAsTable(form === 'table')}
          options={[
            { value: 'chart', label: t('trend.chart') },
            { value: 'table', label: t('trend.table') },
          ]}
        />
      }
    >
      <Loaded
        query={reading}
        height={height}
        empty={(data) => !data.groups?.some((group) => group.value != null)}
        emptyText={t('trend.empty')}
      >
        {(data) =>
          asTable ? (
            <TrendTable indicator={indicator} reading={data} before={before.data} onOpen={open} />
          ) : (
            <TrendChart
              indicator={indicator}
              reading={data}
              before={before.data}
              onOpen={open}
              year={view.year}
            />
          )
        }
      </Loaded>
    </Panel>
  )
}

interface TrendProps {
  indicator: Indicator
  reading: Reading
  before: Reading | undefined
  onOpen: (month: string) => void
}

function TrendChart({ indicator, reading, before, onOpen, year }: TrendProps & { year: string }) {
  const { t, lang } = useText()
  const groups = reading.groups ?? []
  const option = useMemo(() => {
    const [now, earlier] = [valuesByMonth(reading.groups), valuesByMonth(before?.groups)]
    const scale = scaleOf(
      [...now.values(), ...earlier.values()],
      reading.unit,
      lang,
      unitWord(indicator, lang),
    )
    const months = monthsOf(year)
    const scaled = (values: Map<string, number | null>, at: string[]) =>
      at.map((month) => {
        const value = values.get(month)
        return value == null ? null : value / scale.divisor
      })
    const current = indicator.flow
      ? { type: 'bar', barMaxWidth: 26, itemStyle: { color: colors.accent, borderRadius: [3, 3, 0, 0] } }
      : {
          type: 'line',
          symbolSize: 6,
          lineStyle: { width: 2.5 },
          areaStyle: { opacity: 0.08 },
          color: colors.accent,
        }
    const past = {
      type: 'line',
      symbol: 'none',
      color: earlierColor,
      lineStyle: { type: 'dashed', width: 1.5, color: earlierColor },
    }
    const series: object[] = [{ name: periodName(year, lang), data: scaled(now, months), ...current }]
    if (earlier.size > 0) {
      series.push({
        name: periodName(yearBefore(year), lang),
        data: scaled(earlier, months.map(yearBefore)),
        ...past,
      })
    }
    return {
      ...axes(
        months.map((month) => monthLabel(month, lang)),
        scale.unit,
      ),
      legend: legend(),
      tooltip: tooltip((value) => withUnit(value * scale.divisor, scale)),
      series,
    }
  }, [reading, before, indicator, lang, year])
  return (
    <LazyChart
      option={option}
      height={height}
      summary={summary(t, lang, indicator, groups)}
      onPick={(at) => groups[at] && onOpen(groups[at].key)}
    />
  )
}

function valuesByMonth(groups: readonly Group[] | null | undefined): Map<string, number | null> {
  return new Map((groups ?? []).map(({ key, value }) => [key, value]))
}

function monthLabel(month: string, lang: 'zh-CN' | 'en'): string {
  return lang === 'zh-CN' ? `${Number(month.slice(5))}月` : periodName(month, lang).slice(0, 3)
}

function summary(
  t: ReturnType<typeof useText>['t'],
  lang: 'zh-CN' | 'en',
  indicator: Indicator,
  groups: Group[],
): string {
  const known = groups.filter(({ value }) => value != null)
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last) return t('trend.empty')
  const scale = scaleOf(
    known.map(({ value }) => value),
    indicator.unit,
    lang,
    unitWord(indicator, lang),
  )
  return t('trend.summary', {
    name: indicatorName(indicator, lang),
    from: periodName(first.key, lang),
    to: periodName(last.key, lang),
    first: withUnit(first.value, scale),
    last: withUnit(last.value, scale),
  })
}

function TrendTable({ indicator, reading, before, onOpen }: TrendProps) {
  const { t, lang } = useText()
  const groups = reading.groups ?? []
  const earlier = new Map((before?.groups ?? []).map((group) => [group.key, group.value]))
  const scale = scaleOf(
    [...groups.map(({ value }) => value), ...earlier.values()],
    reading.unit,
    lang,
    unitWord(indicator, lang),
  )
  const columns: Column<Group>[] = [
    { key: 'month', title: t('trend.month'), heading: true, render: ({ key }) => periodName(key, lang) },
    {
      key: 'value',
      title: scale.unit ? t('trend.valueIn', { unit: scale.unit }) : t('trend.value'),
      numeric: true,
      render: ({ key, value }) =>
        value == null ? (
          '—'
        ) : (
          <button
            type="button"
            className="pb-cell"
            onClick={() => onOpen(key)}
            aria-label={t('cell.open', { name: periodName(key, lang), value: withUnit(value, scale) })}
          >
            {number(value, scale)}
          </button>
        ),
    },
    {
      key: 'before',
      title: t('trend.yearBefore'),
      numeric: true,
      render: ({ key }) => number(earlier.get(yearBefore(key)), scale),
    },
  ]
  return (
    <div style={{ minHeight: height }}>
      <DataTable
        caption={t('trend.title', { name: indicatorName(indicator, lang) })}
        columns={columns}
        items={groups}
        rowKey={({ key }) => key}
        compact
      />
    </div>
  )
}
