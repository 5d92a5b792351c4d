// Many subjects of one form in one sheet, with last month and the same month of last year beside each field.
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Alert, Button, Checkbox } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { Refusal } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import { Loaded } from '../shared/Panel'
import { useNarrow } from '../shared/useNarrow'
import { Verdict } from '../shared/Verdict'
import { faultOf, readCell } from './cellText'
import { fieldColumn } from './columns'
import { Conflicts, DraftOffer } from './Drafts'
import { type CellLook, Grid, type GridColumn, type GridRow } from './Grid'
import { calls } from './http'
import { FilingLink } from './links'
import { troubles } from './many'
import { useForm } from './queries'
import { SheetHelp, StatusLine } from './SheetHelp'
import { allows, type Filing, type FilingRow, type Form, type FormItem, filingStates } from './types'
import { type ManyOutcome, useMany } from './useMany'
import { useShow } from './useShow'

const most = 2000 // rows in one sheet; more go by file

interface ManySheetProps {
  code: string
  period: string
  org: string | undefined
}

export function ManySheet({ code, period, org }: ManySheetProps) {
  const { t } = useText()
  const { state: wanted, q } = useSearch({ strict: false })
  const state = filingStates.find((known) => known === wanted)
  const form = useForm(code, period)
  const query = { form: code, period, org, state, q }
  const rows = useQuery({
    queryKey: ['filings', 'sheet', query],
    staleTime: Number.POSITIVE_INFINITY, // rows must not move under the typing hand
    queryFn: async ({ signal }) => {
      const out: FilingRow[] = []
      for (let cursor: string | undefined; out.length < most; ) {
        const page = await calls.filings({ ...query, cursor, limit: 200 }, signal)
        out.push(...(page.items ?? []))
        if (!page.next) break
        cursor = page.next
      }
      return out
    },
  })
  return (
    <Loaded query={form} height={420}>
      {(form) => (
        <Loaded query={rows} height={420} empty={(rows) => rows.length === 0} emptyText={t('task.noFilings')}>
          {(rows) => <Sheet form={form} listed={rows} period={period} />}
        </Loaded>
      )}
    </Loaded>
  )
}

function Sheet({ form, listed, period }: { form: Form; listed: FilingRow[]; period: string }) {
  const { t, lang } = useText()
  const show = useShow()
  const narrow = useNarrow()
  const many = useMany(listed, { form: form.code, kind: form.subject, period })
  const [active, setActive] = useState<{ row: string; column: GridColumn } | null>(null)
  const [last, setLast] = useState(true)
  const [yearAgo, setYearAgo] = useState(false)
  const items = useMemo(() => form.items ?? [], [form])
  const byField = useMemo(() => new Map(items.map((item) => [item.field, item])), [items])
  const columns = useMemo(
    () =>
      items.flatMap((item) => [
        fieldColumn(item, lang, { yes: t('app.yes'), no: t('app.no') }),
        ...(last && compared(item) ? [besideColumn(item, 'last', t('fill.lastPeriod'))] : []),
        ...(yearAgo && compared(item) ? [besideColumn(item, 'year', t('fill.yearAgo'))] : []),
      ]),
    [items, lang, t, last, yearAgo],
  )
  const { rows, filings, load } = many
  const gridRows = useMemo(() => rows.map((row) => headOf(row, filings[row.subject])), [rows, filings])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what many answers depends on these of its parts
  const look = useCallback(
    (row: string, column: GridColumn): CellLook =>
      lookOf(row, column, byField.get(column.field), many, show, (key) => t(key)),
    [byField, many.edits, many.filings, many.faults, many.busy, many.offer, show, t],
  )
  const onSight = useCallback((from: number, to: number) => void load(rows.slice(from, to + 1)), [load, rows])
  const nameOf = (subject: string) => rows.find((row) => row.subject === subject)?.subject_name ?? subject
  return (
    <>
      <DraftOffer entry={many} />
      {many.error !== null && <Refusal error={many.error} />}
      <Conflicts entry={many} items={items} rowName={nameOf} />
      {!many.kept && <Alert type="warning" showIcon title={t('fill.notKept')} />}
      <div className="pb-tools">
        <Button
          type="primary"
          disabled={many.count === 0 || many.conflicts.length > 0}
          loading={many.busy}
          onClick={many.save}
        >
          {t('action.save')}
        </Button>
        <Button disabled={many.sendable === 0 || many.busy} onClick={many.submit}>
          {t('fill.submitReady', { count: many.sendable })}
        </Button>
        <span role="status" className="pb-soft">
          {many.count > 0 && t('fill.unsavedCount', { count: many.count })}
        </span>
        <Checkbox checked={last} onChange={(event) => setLast(event.target.checked)}>
          {t('fill.lastPeriod')}
        </Checkbox>
        <Checkbox checked={yearAgo} onChange={(event) => setYearAgo(event.target.checked)}>
          {t('fill.yearAgo')}
        </Checkbox>
        <SheetHelp />
      </div>
      {many.outcome && <OutcomeNote outcome={many.outcome} />}
      <Grid
        label={nameIn(lang, form.name, form.name_en)}
        headTitle={t('task.subject')}
        headWidth={narrow ? 130 : 240}
        columns={columns}
        rows={gridRows}
        look={look}
        onWrite={(cells) =>
          many.write(
            cells.map((cell) => {
              const item = byField.get(cell.field)
              return item ? { ...cell, text: readCell(item, cell.text) } : cell
            }),
          )
        }
        onUndo={many.undo}
        onRedo={many.redo}
        onSave={many.save}
        onActive={useCallback((row: string, column: GridColumn) => setActive({ row, column }), [])}
        onSight={onSight}
      />
      <StatusLine
        active={active}
        item={byField.get(active?.column.field ?? '')}
        look={look}
        rowName={active ? nameOf(active.row) : undefined}
      />
    </>
  )
}

/** compared is whether an earlier answer beside a field helps: of texts it only takes room. */
const compared = ({ kind }: FormItem) => kind === 'quantity' || kind === 'choice'

function besideColumn(item: FormItem, which: 'last' | 'year', title: string): GridColumn {
  return {
    id: `${item.field}@${which}`,
    field: item.field,
    title,
    width: 92,
    numeric: item.kind === 'quantity',
    beside: true,
  }
}

type Many = ReturnType<typeof useMany>

function lookOf(
  row: string,
  column: GridColumn,
  item: FormItem | undefined,
  many: Many,
  show: ReturnType<typeof useShow>,
  say: (key: string) => string,
): CellLook {
  const filing = many.filings[row]
  if (!filing || !item) return { raw: '', shown: '…', state: 'waiting' }
  if (column.beside) {
    const beside = column.id.endsWith('@last') ? filing.beside.last : filing.beside.year_ago
    const raw = beside[item.field] ?? ''
    return { raw, shown: show(item, raw), state: 'locked' }
  }
  const raw = many.value(row, item.field)
  const fault = faultOf(item, raw)
  const judged = many.edits[row]
    ? undefined
    : filing.verdicts?.find(
        ({ severity, fields, answer }) => severity !== 'note' && !answer && fields?.includes(item.field),
      )
  const why = many.faults[row]?.[item.field] ?? (fault ? say(fault) : judged?.message)
  const changed = many.edits[row]?.cells[item.field] !== undefined
  const locked = !many.open(row) || item.read_only
  const wrong = fault !== null || many.faults[row]?.[item.field] !== undefined || judged?.severity === 'error'
  const state = wrong ? 'invalid' : locked ? 'locked' : changed ? 'unsaved' : 'saved'
  return { raw, shown: show(item, raw), state, why }
}

function headOf(row: FilingRow, filing: Filing | undefined): GridRow {
  return { id: row.subject, name: row.subject_name, head: <RowHead row={row} filing={filing} /> }
}

function RowHead({ row, filing }: { row: FilingRow; filing: Filing | undefined }) {
  const { t } = useText()
  const { errors, warnings } = filing ? troubles(filing) : { errors: 0, warnings: 0 }
  const state = filing?.state ?? row.state
  const locked = !allows(filing ?? row, 'fill')
  return (
    <>
      <FilingLink to={row}>{row.subject_name}</FilingLink>
      {errors > 0 ? (
        <Verdict judgement="bad">{t('fill.errorShort', { count: errors })}</Verdict>
      ) : warnings > 0 ? (
        <Verdict judgement="fair">{t('fill.warningShort', { count: warnings })}</Verdict>
      ) : (
        <small className="pb-soft">{locked ? t('fillState.locked') : t(`filingState.${state}`)}</small>
      )}
    </>
  )
}

function OutcomeNote({ outcome }: { outcome: ManyOutcome }) {
  const { t } = useText()
  const { done, failed, deed } = outcome
  const total = done + failed.length
  return (
    <Alert
      type={failed.length > 0 ? 'warning' : 'success'}
      showIcon
      role="status"
      style={{ marginBottom: 8 }}
      title={t(deed === 'save' ? 'fill.savedOf' : 'fill.sentOf', { done, total })}
      description={
        failed.length > 0 && (
          <ul className="pb-plain-list">
            {failed.map(({ subject, name, message }) => (
              <li key={subject}>
                {name}: {message}
              </li>
            ))}
          </ul>
        )
      }
    />
  )
}
