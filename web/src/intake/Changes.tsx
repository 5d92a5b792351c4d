import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { type Column, DataTable } from '../shared/DataTable'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { fieldNames } from './Problems'
import type { Change, Intake, IntakeReport } from './types'
import { useShown } from './useShown'

const step = 50 // rows of the table that are drawn at once
const kinds = ['all', 'new', 'changed', 'conflicting'] as const

/** Changes lists what would be written, cell by cell, before anything is. */
export function Changes({ intake, report }: { intake: Intake; report: IntakeReport }) {
  const { t, lang } = useText()
  const [kind, setKind] = useState<(typeof kinds)[number]>('all')
  const [count, setCount] = useState(step)
  const all = report.changes ?? []
  const found = kind === 'all' ? all : all.filter(({ state }) => state === kind)
  const nameOf = fieldNames(intake.fields ?? [], lang)
  const shown = useShown(intake)
  const unknown = <span className="pb-soft">{t('park.unknown')}</span>
  const columns: Column<Change>[] = [
    {
      key: 'key',
      title: t('intake.rowName'),
      heading: true,
      render: ({ subject_name, key, row }) => subject_name || key || t('report.rowNo', { row }),
    },
    { key: 'cell', title: t('report.cell'), nowrap: true, render: ({ cell }) => cell || '—' },
    { key: 'field', title: t('report.field'), render: ({ field }) => nameOf(field) },
    {
      key: 'state',
      title: t('intake.what'),
      nowrap: true,
      render: ({ state }) => t(`intakeChange.${state}`),
    },
    {
      key: 'before',
      title: t('report.before'),
      render: ({ field, before }) => shown(field, before) || unknown,
    },
    {
      key: 'after',
      title: t('report.after'),
      render: ({ field, after }) => <b>{shown(field, after) || unknown}</b>,
    },
  ]
  return (
    <Panel
      title={t('report.changes')}
      note={t('intake.changesNote')}
      extra={
        all.length > 0 && (
          <Segmented
            aria-label={t('intake.what')}
            value={kind}
            onChange={setKind}
            options={kinds.map((value) => ({ value, label: t(`intakeChange.${value}`) }))}
          />
        )
      }
    >
      {found.length === 0 ? (
        <Empty title={t('report.noChanges')} />
      ) : (
        <>
          <DataTable
            caption={t('report.changes')}
            columns={columns}
            items={found.slice(0, count)}
            rowKey={({ row, key, field, cell }) => [row, key, field, cell].join('|')}
          />
          <div className="pb-more">
            <span role="status">
              {t('intake.shown', { shown: Math.min(count, found.length), count: found.length })}
            </span>
            {report.more_changes > 0 && <span>{t('intake.moreInFile', { count: report.more_changes })}</span>}
            {found.length > count && (
              <Button onClick={() => setCount(count + step)}>{t('action.more')}</Button>
            )}
          </div>
        </>
      )}
    </Panel>
  )
}
