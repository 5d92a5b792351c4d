import { type Column, DataTable } from '../shared/DataTable'
import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import { stageName } from './GanttRow'
import { Light, Slip, SubjectLink } from './parts'
import { useOfficerName } from './queries'
import { daysBetween } from './scale'
import type { GanttRow, Mark, StageName } from './types'

/** GanttDetail is the picked row in figures: the same as the bars, as a table. */
export function GanttDetail({ row, stages }: { row: GanttRow; stages: readonly StageName[] }) {
  const { t, lang } = useText()
  const nameOf = useOfficerName()
  const columns: Column<Mark>[] = [
    {
      key: 'stage',
      title: t('tenancy.stage'),
      heading: true,
      render: ([stage]) => stageName(stages, stage, lang),
    },
    { key: 'first', title: t('gantt.first'), nowrap: true, render: ([, first]) => day(first, lang) },
    { key: 'planned', title: t('gantt.latest'), nowrap: true, render: ([, , planned]) => day(planned, lang) },
    { key: 'day', title: t('gantt.actual'), nowrap: true, render: ([, , , entered]) => day(entered, lang) },
    { key: 'way', title: t('gantt.way'), render: ([, , , , way]) => (way ? t(`way.${way}`, way) : '—') },
    {
      key: 'slip',
      title: t('pipeline.slip'),
      nowrap: true,
      render: ([, first, planned, entered]) => (
        <Slip days={first ? daysBetween(first, entered || planned) : null} />
      ),
    },
  ]
  return (
    <div className="pb-gantt-detail">
      <h3>
        <SubjectLink of={row} /> <Light light={row.light} />
        <small className="pb-soft">
          {row.officer ? t('pipeline.officerIs', { name: nameOf(row.officer) }) : t('pipeline.noOfficer')}
        </small>
      </h3>
      <DataTable
        compact
        caption={t('gantt.detail')}
        columns={columns}
        items={row.marks ?? []}
        rowKey={([stage]) => String(stage)}
      />
    </div>
  )
}
