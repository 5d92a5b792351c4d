import { type Column, DataTable } from '../shared/DataTable'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import type { IntakeReport } from './types'

type Row = NonNullable<IntakeReport['skipped']>[number]

/** Skipped lists the rows that were not read as data, with the reason: totals, headings in the middle, notes. */
export function Skipped({ report }: { report: IntakeReport }) {
  const { t } = useText()
  const rows = report.skipped ?? []
  if (rows.length === 0) return null
  const columns: Column<Row>[] = [
    { key: 'row', title: t('report.row'), heading: true, render: ({ row }) => t('report.rowNo', { row }) },
    { key: 'why', title: t('intake.why'), render: ({ why }) => t(`intakeSkip.${why}`, why) },
    { key: 'text', title: t('report.text'), render: ({ text }) => text || '—' },
  ]
  return (
    <Panel
      title={t('intake.skipped')}
      note={report.more_skipped > 0 ? t('report.first', { count: rows.length }) : undefined}
    >
      <DataTable
        caption={t('intake.skipped')}
        columns={columns}
        items={rows}
        rowKey={({ row }) => String(row)}
      />
    </Panel>
  )
}
