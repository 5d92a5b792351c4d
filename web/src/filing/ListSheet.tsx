// A list form as a sheet: a row per record, with empty rows at the end for new ones.

import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { nameIn, useText } from '../shared/i18n'
import { Verdict } from '../shared/Verdict'
import { faultOf, readCell } from './cellText'
import { fieldColumn } from './columns'
import { type CellLook, Grid, type GridColumn, type GridRow } from './Grid'
import type { OriginAt } from './Origins'
import { mostRecords } from './queries'
import { SheetHelp, StatusLine } from './SheetHelp'
import type { CellEdit, Edits } from './sheet'
import type { FilingRecord, Form, FormItem } from './types'
import { type Entry, rowOf } from './useEntry'
import { useShow } from './useShow'

const emptyRows = 5

/** newRows names the rows after the saved ones: those begun, and a few empty ones to go on with. */
export function newRows(edits: Edits, empty: number): string[] {
  const used = Object.keys(edits)
    .filter((row) => row.startsWith('+'))
    .map((row) => Number(row.slice(1)))
  const last = Math.max(0, ...used) + empty
  return Array.from({ length: last }, (_, at) => `+${at + 1}`)
}

interface ListSheetProps {
  form: Form
  entry: Entry
  onOrigin: (at: OriginAt) => void
}

export function ListSheet({ form, entry, onOrigin }: ListSheetProps) {
  const { t, lang } = useText()
  const show = useShow()
  const [active, setActive] = useState<{ row: string; column: GridColumn } | null>(null)
  const [more, setMore] = useState(0)
  const { filing, open, edits } = entry
  const items = useMemo(() => form.items ?? [], [form])
  const columns = useMemo(
    () => items.map((item) => fieldColumn(item, lang, { yes: t('app.yes'), no: t('app.no') })),
    [items, lang, t],
  )
  const byField = useMemo(() => new Map(items.map((item) => [item.field, item])), [items])
  const added = open ? newRows(edits, emptyRows + more) : []
  const addedCount = added.length
  const rows = useMemo(
    () => [
      ...(filing.records ?? []).map((record, at) => savedRow(record, at, edits, items, t('fill.willGo'))),
      ...Array.from({ length: addedCount }, (_, at) => newRow(at, t('fill.newRow'))),
    ],
    [filing.records, addedCount, edits, items, t],
  )
  const { value, changed, faults } = entry
  // biome-ignore lint/correctness/useExhaustiveDependencies: value and changed read the edits and the filing
  const look = useCallback(
    (row: string, column: GridColumn): CellLook => {
      const item = byField.get(column.field)
      const raw = value(row, column.field)
      const refusedWhy = faults[row]?.[column.field]
      const fault = item && faultOf(item, raw)
      const why = refusedWhy ?? (fault ? t(fault) : undefined)
      const state = why
        ? 'invalid'
        : !open || item?.read_only || edits[row]?.removed
          ? 'locked'
          : changed(row, column.field)
            ? 'unsaved'
            : 'saved'
      return { raw, shown: item ? show(item, raw) : raw, state, why }
    },
    [byField, edits, faults, filing, open, show, t],
  )
  function write(cells: CellEdit[]) {
    entry.write(
      cells.map((cell) => {
        const item = byField.get(cell.field)
        return item ? { ...cell, text: readCell(item, cell.text) } : cell
      }),
    )
  }
  const activeSaved = active?.row.startsWith('=') ? active.row : null
  return (
    <>
      <div className="pb-tools">
        <SheetHelp />
        {open && <Button onClick={() => setMore(more + 20)}>{t('fill.addRows')}</Button>}
        {open && activeSaved && (
          <Button onClick={() => entry.remove([activeSaved], !edits[activeSaved]?.removed)}>
            {t(edits[activeSaved]?.removed ? 'fill.keepRow' : 'fill.removeRow')}
          </Button>
        )}
        {activeSaved && active && (
          <Button onClick={() => onOrigin({ key: activeSaved.slice(1), field: active.column.field })}>
            {t('fill.origin')}
          </Button>
        )}
      </div>
      {filing.next && (
        <p>
          <Verdict judgement="fair">{t('fill.tooMany', { count: mostRecords })}</Verdict>{' '}
          <Link to="/imports">{t('fill.byFile')}</Link>
        </p>
      )}
      <Grid
        label={nameIn(lang, form.name, form.name_en)}
        headTitle={t('fill.row')}
        headWidth={headWidth(items)}
        columns={columns}
        rows={rows}
        look={look}
        onWrite={write}
        onUndo={entry.undo}
        onRedo={entry.redo}
        onSave={() => void entry.save()}
        onActive={useCallback((row: string, column: GridColumn) => setActive({ row, column }), [])}
      />
      <StatusLine active={active} item={byField.get(active?.column.field ?? '')} look={look} />
    </>
  )
}

const headWidth = (items: FormItem[]) => (items.some(({ key }) => key) ? 150 : 80)

function savedRow(record: FilingRecord, at: number, edits: Edits, items: FormItem[], gone: string): GridRow {
  const keys = items.filter(({ key }) => key)
  const name =
    keys
      .map(({ field }) => record.cells[field])
      .filter(Boolean)
      .join('/') || record.key
  const id = rowOf(record.key)
  const removed = edits[id]?.removed
  return {
    id,
    name,
    head: (
      <>
        <span className="pb-soft">{at + 1}</span>
        <span className={removed ? 'pb-gone-name' : undefined}>{name}</span>
        {removed && <small className="pb-bad-word">{gone}</small>}
      </>
    ),
  }
}

function newRow(at: number, name: string): GridRow {
  return {
    id: `+${at + 1}`,
    name: `${name} ${at + 1}`,
    head: <span className="pb-soft">{`${name} ${at + 1}`}</span>,
  }
}
