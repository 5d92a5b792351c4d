import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { axes, tooltip } from '../shared/chartTheme'
import { type Column, DataTable } from '../shared/DataTable'
import { number, periodName, scaleOf, withUnit } from '../shared/format'
import { useText } from '../shared/i18n'
import { LazyChart } from '../shared/LazyChart'
import { Natures } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { colors } from '../shared/theme'
import { byMonth, fieldsOf, type Month, type ReturnValue } from './returns'

/** ReturnPanel shows the months that an enterprise filed: output as a chart, everything as a table. */
export function ReturnPanel({ returns }: { returns: readonly ReturnValue[] }) {
  const { t } = useText()
  const [asTable, setAsTable] = useState(false)
  const months = useMemo(() => byMonth(returns), [returns])
  return (
    <Panel
      title={t('returns.title')}
      note={<Natures natures={returns.map(({ nature }) => nature)} />}
      extra={
        months.length > 0 && (
          <Segmented
            aria-label={t('trend.form')}
            value={asTable ? 'table' : 'chart'}
            onChange={(form) => setAsTable(form === 'table')}
            options={[
              { value: 'chart', label: t('trend.chart') },
              { value: 'table', label: t('trend.table') },
            ]}
          />
        )
      }
    >
      {months.length === 0 ? (
        <Empty title={t('returns.none')} />
      ) : asTable ? (
        <ReturnTable months={months} />
      ) : (
        <OutputChart months={months} />
      )}
    </Panel>
  )
}

function OutputChart({ months }: { months: Month[] }) {
  const { t, lang } = useText()
  const { option, summary } = useMemo(() => {
    const values = months.map((month) => month.values.get('output')?.value ?? null)
    const scale = scaleOf(values, 'yuan', lang)
    const names = months.map(({ month }) => periodName(month, lang))
    return {
      option: {
        ...axes(names, scale.unit),
        tooltip: tooltip((value) => withUnit(value * scale.divisor, scale)),
        series: [
          {
            name: t('return.output'),
            type: 'bar',
            barMaxWidth: 26,
            itemStyle: { color: colors.accent, borderRadius: [3, 3, 0, 0] },
            data: values.map((value) => (value === null ? null : value / scale.divisor)),
          },
        ],
      },
      summary: t('trend.summary', {
        name: t('return.output'),
        from: names[0],
        to: names.at(-1),
        first: withUnit(values[0], scale),
        last: withUnit(values.at(-1), scale),
      }),
    }
  }, [months, lang, t])
  return <LazyChart option={option} summary={summary} height={260} />
}

function ReturnTable({ months }: { months: Month[] }) {
  const { t, lang } = useText()
  const columns: Column<Month>[] = [
    { key: 'month', title: t('trend.month'), heading: true, render: ({ month }) => periodName(month, lang) },
    ...fieldsOf(months).map((field): Column<Month> => {
      const all = months.map(({ values }) => values.get(field))
      const scale = scaleOf(
        all.map((item) => item?.value),
        all.find(Boolean)?.unit ?? '',
        lang,
      )
      return {
        key: field,
        title: `${t(`return.${field}`, field)}${scale.unit ? ` (${scale.unit})` : ''}`,
        numeric: true,
        render: ({ values }) => number(values.get(field)?.value, scale),
      }
    }),
  ]
  return (
    <DataTable
      caption={t('returns.title')}
      columns={columns}
      items={[...months].reverse()}
      rowKey={({ month }) => month}
    />
  )
}
