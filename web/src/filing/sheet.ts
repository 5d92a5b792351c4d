// A sheet is what somebody changed on a screen and has not saved: cells by row and field, with undo. It knows nothing of
// how it is shown. Every function gives a new sheet and leaves the old one alone.

/** One cell as it shall be; an empty text makes it unknown. */
export interface CellEdit {
  row: string
  field: string
  text: string
}

/** What was typed into a row, by field. Of a removed row nothing else counts. */
export interface RowEdit {
  cells: Record<string, string>
  removed?: boolean
}

export type Edits = Record<string, RowEdit>

export interface Sheet {
  edits: Edits
  past: Edits[]
  future: Edits[]
}

const steps = 200 // that can be taken back

export const blank: Sheet = { edits: {}, past: [], future: [] }

/** opened is a sheet that begins with changes that cannot be taken back: a draft, or what was filled in elsewhere. */
export function opened(edits: Edits): Sheet {
  return { edits, past: [], future: [] }
}

function step(sheet: Sheet, edits: Edits): Sheet {
  return { edits, past: [...sheet.past.slice(1 - steps), sheet.edits], future: [] }
}

/** write changes cells in one step of undo. A cell set back to what is saved is no change; saved gives that. */
export function write(sheet: Sheet, cells: CellEdit[], saved: (row: string, field: string) => string): Sheet {
  const edits = { ...sheet.edits }
  let changed = false
  for (const { row, field, text } of cells) {
    const before = edits[row]?.cells[field] ?? saved(row, field)
    if (before === text) continue
    changed = true
    const rest = { ...edits[row]?.cells }
    if (text === saved(row, field)) delete rest[field]
    else rest[field] = text
    put(edits, row, { ...edits[row], cells: rest })
  }
  return changed ? step(sheet, edits) : sheet
}

/** remove marks rows as removed, or no longer so. */
export function remove(sheet: Sheet, rows: string[], removed = true): Sheet {
  const edits = { ...sheet.edits }
  for (const row of rows) put(edits, row, { cells: edits[row]?.cells ?? {}, removed: removed || undefined })
  return step(sheet, edits)
}

function put(edits: Edits, row: string, edit: RowEdit) {
  if (Object.keys(edit.cells).length === 0 && !edit.removed) delete edits[row]
  else edits[row] = edit
}

/** forget drops the changes of rows that are saved now; they cannot be taken back here any more. */
export function forget(sheet: Sheet, rows: string[]): Sheet {
  const edits = { ...sheet.edits }
  for (const row of rows) delete edits[row]
  return opened(edits)
}

export function undo(sheet: Sheet): Sheet {
  const before = sheet.past.at(-1)
  if (!before) return sheet
  return { edits: before, past: sheet.past.slice(0, -1), future: [sheet.edits, ...sheet.future] }
}

export function redo(sheet: Sheet): Sheet {
  const [next, ...rest] = sheet.future
  if (!next) return sheet
  return { edits: next, past: [...sheet.past, sheet.edits], future: rest }
}

/** editCount counts changed cells, a removed row as one. */
export function editCount(edits: Edits): number {
  return Object.values(edits).reduce(
    (sum, edit) => sum + (edit.removed ? 1 : Object.keys(edit.cells).length),
    0,
  )
}

/** after gives the whole row as it shall be saved: what is saved with the changes over it, without unknown cells. */
export function after(cells: Record<string, string> | undefined, edit: RowEdit | undefined) {
  const merged = { ...cells, ...edit?.cells }
  return Object.fromEntries(Object.entries(merged).filter(([, text]) => text !== ''))
}
