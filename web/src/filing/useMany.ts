import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
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
import { calls } from './http'
import { inTurn, ready } from './many'
import { filingQuery, useRefresh } from './queries'
import {
  after,
  type CellEdit,
  type Edits,
  editCount,
  forget,
  opened,
  redo,
  type Sheet,
  undo,
  write,
} from './sheet'
import { allows, type Filing, type FilingRow, type Ref } from './types'
import { answersOf } from './Verdicts'

const atOnce = 4

/** What came of saving or sending the rows: how many went well, and what was said of the others. */
export interface ManyOutcome {
  deed: 'save' | 'submit'
  done: number
  failed: { subject: string; name: string; message: string }[]
}

const refOf = ({ form, kind, subject, period }: FilingRow): Ref => ({ form, kind, subject, period })

/** useMany holds what is typed into several filings of one form. A row is named by its subject. */
export function useMany(listed: FilingRow[], of: Omit<Ref, 'subject'>) {
  const me = useMe()
  const client = useQueryClient()
  const refresh = useRefresh()
  const name = draftName(me.id, `many/${of.form}/${of.period}`)
  const [filings, setFilings] = useState<Record<string, Filing>>({})
  const [sheet, setSheet] = useState<Sheet>(() => opened({}))
  const [conflicts, setConflicts] = useState<Conflict[]>([])
  const [faults, setFaults] = useState<Record<string, Record<string, string>>>({})
  const [offer, setOffer] = useState<Draft | null>(() => readDraft(name))
  const [kept, setKept] = useState(true)
  const [extra, setExtra] = useState<FilingRow[]>([])
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<ManyOutcome | null>(null)
  const asked = useRef(new Set<string>())
  const { edits } = sheet
  const rows = useMemo(() => [...listed, ...extra], [listed, extra])

  const saved = (row: string, field: string) => filings[row]?.records?.[0]?.cells[field] ?? ''

  useEffect(() => {
    if (offer) return
    const before = (row: string, field: string) => filings[row]?.records?.[0]?.cells[field] ?? ''
    const unsaved = { edits, conflicts, version: 0, saved: before } // each row has its own version: base tells
    setKept(keepDraft(name, { ...unsaved, now: new Date().toISOString() }))
  }, [offer, edits, conflicts, filings, name])

  /** load reads filings that are not here yet; one that cannot be read is asked again when it comes in sight again. */
  const load = useCallback(
    async (wanted: FilingRow[]) => {
      const missing = wanted.filter(({ subject }) => !asked.current.has(subject))
      for (const { subject } of missing) asked.current.add(subject)
      await inTurn(missing, atOnce, async (row) => {
        try {
          const filing = await client.fetchQuery({ ...filingQuery(refOf(row)), staleTime: 0 })
          setFilings((old) => ({ ...old, [row.subject]: filing }))
        } catch {
          asked.current.delete(row.subject)
        }
      })
    },
    [client],
  )

  /** accept reads the filings of the draft, those outside of the list too, and lays the draft over them. */
  async function accept() {
    if (!offer) return
    const read: Record<string, Filing> = {}
    setError(null)
    try {
      await inTurn(Object.keys(offer.edits), atOnce, async (subject) => {
        const filing = await client.fetchQuery({ ...filingQuery({ ...of, subject }), staleTime: 0 })
        read[subject] = filing
        asked.current.add(subject)
      })
    } catch (cause) {
      setError(cause) // the draft stays offered
      return
    }
    setFilings((old) => ({ ...old, ...read }))
    setExtra(Object.values(read).filter(({ subject }) => !listed.some((row) => row.subject === subject)))
    const laid = compare(offer, (row, field) => read[row]?.records?.[0]?.cells[field] ?? '')
    setSheet(opened(laid.edits))
    setConflicts(laid.conflicts)
    setOffer(null)
  }

  function hold(subject: string, filing: Filing) {
    setFilings((old) => ({ ...old, [subject]: filing }))
    client.setQueryData(filingQuery({ ...of, subject }).queryKey, filing)
  }

  /** lay puts the newest version of a row under what was typed; cells that both changed become conflicts. */
  async function lay(row: FilingRow) {
    const filing = await client.fetchQuery({ ...filingQuery(refOf(row)), staleTime: 0 })
    const mine: Edits = { [row.subject]: edits[row.subject] ?? { cells: {} } }
    const laid = compare(
      { edits: mine, base: baseOf(mine, saved) },
      (_, field) => filing.records?.[0]?.cells[field] ?? '',
    )
    setFilings((old) => ({ ...old, [row.subject]: filing }))
    setSheet((old) => opened({ ...forget(old, [row.subject]).edits, ...laid.edits }))
    setConflicts((old) => [...old, ...laid.conflicts])
  }

  /** perform does one thing to several rows, each on its own, and says how many went well. */
  async function perform(
    deed: ManyOutcome['deed'],
    rows: FilingRow[],
    work: (row: FilingRow) => Promise<void>,
  ) {
    setBusy(true)
    setFaults({})
    const failed: ManyOutcome['failed'] = []
    await inTurn(rows, atOnce, async (row) => {
      try {
        await work(row)
      } catch (error) {
        const message = error instanceof ApiError ? error.message : String(error)
        failed.push({ subject: row.subject, name: row.subject_name, message })
      }
    })
    setOutcome({ deed, done: rows.length - failed.length, failed })
    setBusy(false)
    refresh()
  }

  async function saveRow(row: FilingRow) {
    const filing = filings[row.subject]
    if (!filing) return
    const records = [{ key: '', cells: after(filing.records?.[0]?.cells, edits[row.subject]) }]
    try {
      hold(row.subject, await calls.save(refOf(row), filing.version, { records }))
      setSheet((old) => forget(old, [row.subject]))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 412 || error.status === 409) await lay(row)
      const named = error.fields.flatMap(({ location, message }) => {
        const field = /\.(\w+)$/.exec(location ?? '')?.[1]
        return field ? [[field, message] as const] : []
      })
      if (named.length > 0) setFaults((old) => ({ ...old, [row.subject]: Object.fromEntries(named) }))
      throw error
    }
  }

  const sendable = rows.filter(({ subject }) => {
    const filing = filings[subject]
    return filing && !edits[subject] && ready(filing)
  })

  return {
    rows,
    error,
    filings,
    edits,
    count: editCount(edits),
    conflicts,
    faults,
    offer,
    kept,
    busy,
    outcome,
    sendable: sendable.length,
    load,
    accept,
    discard: () => {
      dropDraft(name)
      setOffer(null)
    },
    resolve: (conflict: Conflict, side: 'mine' | 'theirs') => {
      setSheet((old) => opened(take(old.edits, conflict, side)))
      setConflicts((old) => old.filter((other) => other !== conflict))
    },
    open: (row: string) => !offer && !busy && filings[row] !== undefined && allows(filings[row], 'fill'),
    value: (row: string, field: string) => edits[row]?.cells[field] ?? saved(row, field),
    write: (cells: CellEdit[]) => setSheet((old) => write(old, cells, saved)),
    undo: () => setSheet(undo),
    redo: () => setSheet(redo),
    save: async () => {
      if (busy || offer || conflicts.length > 0 || Object.keys(edits).length === 0) return
      await perform(
        'save',
        rows.filter(({ subject }) => edits[subject]),
        saveRow,
      )
    },
    submit: () =>
      perform('submit', sendable, async (row) => {
        const filing = filings[row.subject] as Filing
        hold(
          row.subject,
          await calls.submit(refOf(row), filing.version, answersOf(filing.verdicts ?? [], {})),
        )
      }),
  }
}
