import { Segmented, Select } from 'antd'
import { type Column, DataTable } from '../shared/DataTable'
import { number, scaleOf } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { useNarrow } from '../shared/useNarrow'
import { useSetSearch } from '../shell/scope'
import type { Report, ReportIndicator } from './types'
import type { VintageView } from './view'

interface ReportTableProps {
  report: Report
  view: VintageView
}

/** ReportTable is the report of a vintage: indicators down, offices across; on a phone one office at a time. */
export function ReportTable({ report, view }: ReportTableProps) {
  const { t, lang } = useText()
  const narrow = useNarrow()
  const setSearch = useSetSearch()
  const orgs = report.orgs ?? []
  const shown = narrow ? orgs.filter(({ id }) => id === view.org) : orgs
  const ofOrg = (indicator: ReportIndicator, org: string) =>
    indicator.values?.find((value) => value.org === org)
  const scaleFor = (indicator: ReportIndicator) =>
    scaleOf(
      shown.map(({ id }) => ofOrg(indicator, id)?.[view.span]),
      indicator.unit,
      lang,
    )
  const columns: Column<ReportIndicator>[] = [
    {
      key: 'indicator',
      title: t('closing.indicator'),
      heading: true,
      render: (indicator) => nameIn(lang, indicator.name, indicator.name_en),
    },
    {
      key: 'unit',
      title: t('record.unit'),
      nowrap: true,
      render: (indicator) => <span className="pb-soft">{scaleFor(indicator).unit || '—'}</span>,
    },
    ...shown.map(
      (org): Column<ReportIndicator> => ({
        key: org.id,
        title: nameIn(lang, org.name, org.name_en),
        numeric: true,
        render: (indicator) => number(ofOrg(indicator, org.id)?.[view.span], scaleFor(indicator)),
      }),
    ),
  ]
  return (
    <>
      <div className="pb-filters pb-report-filters">
        <Segmented
          aria-label={t('closing.span')}
          value={view.span}
          onChange={(span) => setSearch({ span: span === 'month' ? span : undefined }, true)}
          options={[
            { value: 'year', label: t('closing.toDate') },
            { value: 'month', label: t('closing.thisMonth') },
          ]}
        />
        {narrow && (
          <Select
            aria-label={t('by.orgName')}
            value={view.org}
            onChange={(place) => setSearch({ place }, true)}
            options={orgs.map(({ id, name, name_en }) => ({ value: id, label: nameIn(lang, name, name_en) }))}
            style={{ width: '100%' }}
          />
        )}
        {simulated(report) && (
          <span>
            <Nature nature="simulated" /> {t('app.simulated')}
          </span>
        )}
      </div>
      <DataTable
        caption={t('closing.report')}
        columns={columns}
        items={report.indicators ?? []}
        rowKey={({ code }) => code}
        compact
      />
    </>
  )
}

const simulated = ({ indicators }: Report) =>
  (indicators ?? []).some(({ values }) =>
    values?.some(({ month_natures, year_natures }) =>
      [...(month_natures ?? []), ...(year_natures ?? [])].includes('simulated'),
    ),
  )
