import { Button } from 'antd'
import { useState } from 'react'
import { nameIn, useText } from '../shared/i18n'
import { useRowText } from './GanttRow'
import { barsOf } from './gantt'
import { keyOf } from './lanes'
import { Light, SubjectLink } from './parts'
import type { GanttRow, StageName } from './types'

const step = 50

interface GanttListProps {
  rows: readonly GanttRow[]
  stages: readonly StageName[]
  today: number
}

/** GanttList says the rows in words where a chart has no room. */
export function GanttList({ rows, stages, today }: GanttListProps) {
  const { t, lang } = useText()
  const [shown, setShown] = useState(step)
  const textOf = useRowText(stages)
  const some = rows.slice(0, shown)
  return (
    <>
      <ul className="pb-cards pb-gantt-list" aria-label={t('gantt.list')}>
        {some.map((row) => (
          <li key={keyOf(row)} className="pb-card">
            <div className="pb-card-head">
              <SubjectLink of={row} /> <Light light={row.light} />
            </div>
            <p className="pb-soft">{row.park_name || nameIn(lang, row.org_name, row.org_name_en)}</p>
            <p>{textOf(row, barsOf(row.marks ?? [], today)) || t('gantt.nothing')}</p>
          </li>
        ))}
      </ul>
      <div className="pb-more">
        <span role="status">
          {t(some.length < rows.length ? 'table.shownSoFar' : 'table.shownAll', { count: some.length })}
        </span>
        {some.length < rows.length && (
          <Button onClick={() => setShown(shown + step)}>{t('action.more')}</Button>
        )}
      </div>
    </>
  )
}
