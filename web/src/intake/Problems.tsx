import { Button, Drawer, Input, Select } from 'antd'
import { useState } from 'react'
import { type Column, DataTable } from '../shared/DataTable'
import { nameIn, useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { type Judgement, Verdict } from '../shared/Verdict'
import { useSetSearch } from '../shell/scope'
import { useCell } from './CheckStep'
import { counted, filtered, placeOf } from './problems'
import type { Intake, IntakeField, IntakeReport, Problem } from './types'

const step = 50 // rows of the table that are drawn at once

/** Problems lists the cells that cannot be taken as they stand: where, what is written, what is wrong, what would be right. */
export function Problems({ intake, report }: { intake: Intake; report: IntakeReport }) {
  const { t, lang } = useText()
  const [field, setField] = useState('')
  const [severity, setSeverity] = useState('')
  const [text, setText] = useState('')
  const [shown, setShown] = useState(step)
  const [, openCell] = useCell()
  const all = report.problems ?? []
  const found = filtered(all, { field, severity, text })
  const nameOf = fieldNames(intake.fields ?? [], lang)
  const columns: Column<Problem>[] = [
    {
      key: 'cell',
      title: t('report.cell'),
      heading: true,
      render: (problem) => (
        <button type="button" className="pb-cell" onClick={() => openCell(placeOf(problem))}>
          {problem.cell ||
            (problem.row > 0 ? t('report.rowNo', { row: problem.row }) : t('report.wholeFile'))}
        </button>
      ),
    },
    { key: 'sheet', title: t('intake.sheet'), wideOnly: true, render: ({ sheet }) => sheet || '—' },
    { key: 'row', title: t('report.row'), numeric: true, render: ({ row }) => (row > 0 ? row : '—') },
    {
      key: 'field',
      title: t('report.field'),
      render: (problem) => nameOf(problem.field) || problem.column || '—',
    },
    { key: 'text', title: t('report.text'), render: (problem) => <q className="pb-raw">{problem.text}</q> },
    {
      key: 'message',
      title: t('intake.wrong'),
      width: '32%',
      render: (problem) => <Wrong problem={problem} />,
    },
    { key: 'suggest', title: t('intake.right'), render: ({ suggest }) => suggest || '—' },
  ]
  return (
    <Panel
      title={t('intake.problems')}
      note={t('intake.problemsNote', { count: all.length + report.more_problems })}
      extra={
        <div className="pb-filters">
          <Select
            aria-label={t('intake.byField')}
            value={field}
            onChange={setField}
            options={[
              { value: '', label: t('intake.allFields') },
              ...counted(all, 'field').map(({ value, count }) => ({
                value,
                label: `${nameOf(value) || t('report.wholeFile')} (${count})`,
              })),
            ]}
            popupMatchSelectWidth={260}
            style={{ width: 170 }}
          />
          <Select
            aria-label={t('intake.bySeverity')}
            value={severity}
            onChange={setSeverity}
            options={[
              { value: '', label: t('intake.allSeverities') },
              ...counted(all, 'severity').map(({ value, count }) => ({
                value,
                label: `${t(`intakeSeverity.${value}`)} (${count})`,
              })),
            ]}
            style={{ width: 120 }}
          />
          <Input.Search
            aria-label={t('intake.find')}
            placeholder={t('intake.find')}
            allowClear
            onSearch={setText}
            style={{ width: 180 }}
          />
        </div>
      }
    >
      {found.length === 0 ? (
        <Empty title={t('intake.noneFound')} />
      ) : (
        <DataTable
          caption={t('intake.problems')}
          columns={columns}
          items={found.slice(0, shown)}
          rowKey={(problem) => `${placeOf(problem)}|${problem.key}|${problem.field}`}
        />
      )}
      <div className="pb-more">
        <span role="status">
          {t('intake.shown', { shown: Math.min(shown, found.length), count: found.length })}
        </span>
        {report.more_problems > 0 && <span>{t('intake.moreInFile', { count: report.more_problems })}</span>}
        {found.length > shown && <Button onClick={() => setShown(shown + step)}>{t('action.more')}</Button>}
      </div>
      <CellDrawer problems={all} nameOf={nameOf} />
    </Panel>
  )
}

/** fieldNames gives the function that names a field in the reader's language. */
export function fieldNames(fields: IntakeField[], lang: 'zh-CN' | 'en') {
  const names = new Map(fields.map(({ code, name, name_en }) => [code, nameIn(lang, name, name_en)]))
  return (code: string) => names.get(code) ?? code
}

const judgements: Record<string, Judgement> = { error: 'bad', warning: 'fair' }

function Wrong({ problem }: { problem: Problem }) {
  const judgement = judgements[problem.severity]
  if (!judgement) return <>{problem.message}</>
  return <Verdict judgement={judgement}>{problem.message}</Verdict>
}

/** CellDrawer tells one cell in full and leads to the mapping of its column. */
function CellDrawer({ problems, nameOf }: { problems: Problem[]; nameOf: (code: string) => string }) {
  const { t } = useText()
  const [cell, openCell] = useCell()
  const setSearch = useSetSearch()
  const at = problems.findIndex((problem) => placeOf(problem) === cell)
  const here = problems.filter((problem) => placeOf(problem) === cell)
  const problem = problems[at]
  const next = problems.slice(at + 1).find((other) => placeOf(other) !== cell)
  return (
    <Drawer
      open={problem !== undefined}
      onClose={() => openCell(undefined)}
      title={t('intake.cellTitle', { cell: problem?.cell ?? '' })}
      size={440}
      classNames={{ wrapper: 'pb-drawer' }}
    >
      {problem && (
        <>
          <dl className="pb-facts">
            <Fact name={t('batch.file')} text={problem.file} />
            <Fact name={t('intake.sheet')} text={problem.sheet} />
            <Fact name={t('report.cell')} text={problem.cell} />
            <Fact name={t('report.field')} text={nameOf(problem.field)} />
            <Fact name={t('report.text')} text={problem.text} />
          </dl>
          <ul className="pb-plain pb-cell-problems">
            {here.map((one) => (
              <li key={one.key + one.message}>
                <Wrong problem={one} />
                {one.suggest && <p>{t('intake.wouldBe', { text: one.suggest })}</p>}
              </li>
            ))}
          </ul>
          <div className="pb-commit">
            {next && <Button onClick={() => openCell(placeOf(next))}>{t('intake.nextCell')}</Button>}
            {problem.column && (
              <Button onClick={() => setSearch({ step: 'map', column: letterOf(problem), cell: undefined })}>
                {t('intake.toColumn')}
              </Button>
            )}
          </div>
        </>
      )}
    </Drawer>
  )
}

const letterOf = ({ cell, column }: Problem) => /^[A-Z]+/.exec(cell)?.[0] ?? column

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text || '—'}</dd>
    </div>
  )
}
