// What somebody types into one filing: unsaved changes with undo, kept in this browser, laid over a newer version cell by
// cell, and saved in one request.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useMe } from '../session/session'
import { ApiError } from '../shared/api'
import {
  baseOf,
  type Conflict,
  compare,
  type Draft,
  draftName,
  dropDraft,
  keepDraft,
  readDraft,
  take,
} from './draft'
import { calls, type RecordChange } from './http'
import { address, useFilingChange } from './queries'
import {
  after,
  type CellEdit,
  type Edits,
  editCount,
  forget,
  opened,
  redo,
  remove,
  type Sheet,
  undo,
  write,
} from './sheet'
import type { Filing, Ref } from './types'

/** A row of the sheet is named "=" and its key, a row that is not saved yet "+" and a number. */
export const rowOf = (key: string) => `=${key}`
export const onlyRow = rowOf('')

/** What the server said of single cells: message by row and field. */
export type CellFaults = Record<string, Record<string, string>>

/** savedBy gives what is saved in a cell of a filing, "" where nothing is known. */
export function savedBy(filing: Pick<Filing, 'records'>) {
  const rows = new Map((filing.records ?? []).map(({ key, cells }) => [rowOf(key), cells]))
  return (row: string, field: string): string => rows.get(row)?.[field] ?? ''
}

/** prefillOf is what other forms already answered and this filing does not hold yet. */
export function prefillOf(filing: Filing): Edits {
  if (filing.version > 0 || !filing.can?.includes('fill')) return {}
  const cells = Object.fromEntries(Object.entries(filing.prefill).map(([field, { value }]) => [field, value]))
  return Object.keys(cells).length > 0 ? { [onlyRow]: { cells } } : {}
}

/** recordsOf is what a save sends: whole rows, in the order of the edits. */
export function recordsOf(filing: Pick<Filing, 'records'>, edits: Edits): RecordChange[] {
  const saved = new Map((filing.records ?? []).map(({ key, cells }) => [rowOf(key), cells]))
  return Object.entries(edits).map(([row, edit]) => {
    const key = row.startsWith('=') ? row.slice(1) : undefined
    if (edit.removed) return { key, cells: {}, remove: true }
    return { ...(key !== undefined && { key }), cells: after(saved.get(row), edit) }
  })
}

const refused = /^(?:body\.)?records\[(\d+)\](?:\.cells)?\.(\w+)$/

/** faultsOf finds the cells that a refusal names. */
export function faultsOf(error: unknown, edits: Edits): CellFaults {
  if (!(error instanceof ApiError)) return {}
  const rows = Object.keys(edits)
  const out: CellFaults = {}
  for (const { location, message } of error.fields) {
    const match = refused.exec(location ?? '')
    const row = match?.[1] === undefined ? undefined : rows[Number(match[1])]
    if (row !== undefined && match?.[2]) out[row] = { ...out[row], [match[2]]: message }
  }
  return out
}

interface Saving {
  version: number
  records: RecordChange[]
  /** Needed where the month is closed. */
  reason?: string
}

function isStale(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 412 || error.status === 409)
}

interface Ground {
  filing: Filing
  sheet: Sheet
  conflicts: Conflict[]
  faults: CellFaults
  sent: Edits | null
}

// moveOn lays what is unsaved over a newer version of the filing; what was just sent is in it already.
function moveOn(old: Ground, filing: Filing): Ground {
  const rest = old.sent ? forget(old.sheet, Object.keys(old.sent)).edits : old.sheet.edits
  const before = savedBy(old.filing)
  const base = baseOf(rest, before)
  const { edits, conflicts } = compare({ edits: rest, base }, savedBy(filing))
  return { filing, sheet: opened(edits), conflicts: [...old.conflicts, ...conflicts], faults: {}, sent: null }
}

export function useEntry(ref: Ref, filing: Filing) {
  const me = useMe()
  const client = useQueryClient()
  const name = draftName(me.id, address(ref))
  const open = filing.can?.includes('fill') ?? false
  const [ground, setGround] = useState<Ground>(() => ({
    filing,
    sheet: opened(prefillOf(filing)),
    conflicts: [],
    faults: {},
    sent: null,
  }))
  const [offer, setOffer] = useState<Draft | null>(() => (open ? readDraft(name) : null))
  const [kept, setKept] = useState(true)
  const save = useFilingChange(ref, ({ version, records, reason }: Saving) =>
    calls.save(ref, version, { records, reason }),
  )

  const now = ground.filing === filing ? ground : moveOn(ground, filing)
  if (now !== ground) setGround(now)
  const { sheet, conflicts } = now
  const saved = savedBy(filing)
  const change = (next: (sheet: Sheet) => Sheet) =>
    setGround((old) => ({ ...old, sheet: next(old.sheet), faults: {} }))

  const { edits } = sheet
  useEffect(() => {
    if (!open || offer) return
    const nothing = JSON.stringify(edits) === JSON.stringify(prefillOf(filing))
    const unsaved = { edits: nothing ? {} : edits, conflicts, version: filing.version }
    setKept(keepDraft(name, { ...unsaved, saved: savedBy(filing), now: new Date().toISOString() }))
  }, [open, offer, edits, conflicts, filing, name])

  function accept() {
    if (!offer) return
    const laid = compare(offer, saved)
    setGround((old) => ({ ...old, sheet: opened(laid.edits), conflicts: laid.conflicts }))
    setOffer(null)
  }

  function discard() {
    dropDraft(name)
    setOffer(null)
  }

  function resolve(conflict: Conflict, side: 'mine' | 'theirs') {
    setGround((old) => ({
      ...old,
      sheet: opened(take(old.sheet.edits, conflict, side)),
      conflicts: old.conflicts.filter((other) => other !== conflict),
    }))
  }

  async function saveAll(reason?: string): Promise<Filing | null> {
    if (Object.keys(edits).length === 0) return filing
    if (!open || offer || conflicts.length > 0 || save.isPending) return null
    setGround((old) => ({ ...old, sent: edits }))
    try {
      return await save.mutateAsync({ version: filing.version, records: recordsOf(filing, edits), reason })
    } catch (error) {
      setGround((old) => ({ ...old, sent: null, faults: faultsOf(error, edits) }))
      if (isStale(error)) await client.invalidateQueries({ queryKey: ['filing', address(ref)] })
      return null
    }
  }

  return {
    filing,
    open: open && !offer && !save.isPending,
    edits,
    count: editCount(edits),
    conflicts,
    faults: now.faults,
    offer,
    kept,
    saving: save.isPending,
    error: save.error,
    /** The server could not be reached; what was typed is kept here. */
    offline: save.error instanceof ApiError && save.error.status === 0,
    /** The month is closed: a correction wants a reason. */
    closed: save.error instanceof ApiError && save.error.key === 'filing.closed_no_reason',
    /** Somebody else saved in the meantime; their version is on the screen under what was typed. */
    stale: isStale(save.error),
    saved,
    value: (row: string, field: string) => edits[row]?.cells[field] ?? saved(row, field),
    changed: (row: string, field: string) => edits[row]?.cells[field] !== undefined,
    write: (cells: CellEdit[]) => change((old) => write(old, cells, saved)),
    remove: (rows: string[], gone: boolean) => change((old) => remove(old, rows, gone)),
    undo: () => change(undo),
    redo: () => change(redo),
    canUndo: sheet.past.length > 0,
    canRedo: sheet.future.length > 0,
    accept,
    discard,
    resolve,
    save: saveAll,
  }
}

export type Entry = ReturnType<typeof useEntry>
