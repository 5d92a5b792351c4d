// Drafts (本机草稿): what was typed and not saved is kept in this browser, so that neither a lost connection nor a closed
// window costs it. A draft belongs to one user and one filing, and remembers which version it was typed over and what
// stood in each changed cell then: so a newer version on the server is compared cell by cell, never overwritten.
import type { Edits } from './sheet'

export interface Draft {
  version: number
  at: string
  edits: Edits
  /** What was saved in each changed cell when it was changed. */
  base: Record<string, Record<string, string>>
}

/** Conflict is a cell that both sides changed since the draft was begun. */
export interface Conflict {
  row: string
  field: string
  base: string
  mine: string
  theirs: string
}

type Saved = (row: string, field: string) => string
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const prefix = 'parkbrain.draft.'

/** draftName is where a draft is kept. */
export function draftName(user: string, about: string): string {
  return `${prefix}${user}.${about}`
}

/** What a page holds that is not saved: the changes, and those that still wait for a decision. */
export interface Unsaved {
  edits: Edits
  conflicts: Conflict[]
  version: number
  saved: Saved
  now: string
}

/** keepDraft stores what is unsaved, or drops the draft when nothing is. It reports whether that worked. */
export function keepDraft(name: string, unsaved: Unsaved, store: Store = localStorage): boolean {
  const { edits, conflicts, version, saved, now } = unsaved
  try {
    if (Object.keys(edits).length === 0 && conflicts.length === 0) store.removeItem(name)
    else {
      const draft: Draft = { version, at: now, edits: { ...edits }, base: baseOf(edits, saved) }
      for (const conflict of conflicts) {
        const { row, field, base } = conflict
        draft.edits = take(draft.edits, conflict, 'mine')
        draft.base[row] = { ...draft.base[row], [field]: base }
      }
      store.setItem(name, JSON.stringify(draft))
    }
    return true
  } catch {
    return false // the browser's store is full or forbidden: the page says so
  }
}

/** baseOf is what is saved now in each changed cell. */
export function baseOf(edits: Edits, saved: Saved): Draft['base'] {
  return Object.fromEntries(
    Object.entries(edits).map(([row, { cells }]) => [
      row,
      Object.fromEntries(Object.keys(cells).map((field) => [field, saved(row, field)])),
    ]),
  )
}

/** readDraft gives the draft that is kept under a name; null without a sound one. */
export function readDraft(name: string, store: Store = localStorage): Draft | null {
  try {
    const draft = JSON.parse(store.getItem(name) ?? 'null') as Draft | null
    const sound = draft && typeof draft.version === 'number' && draft.edits && draft.base
    return sound && Object.keys(draft.edits).length > 0 ? draft : null
  } catch {
    return null
  }
}

export function dropDraft(name: string, store: Store = localStorage) {
  try {
    store.removeItem(name)
  } catch {
    // nothing was kept
  }
}

/**
 * compare lays a draft over what is saved now. A cell that nobody else changed keeps the draft's text; one that already
 * reads as the draft is no change; the others are conflicts, which a person decides.
 */
export function compare(
  draft: Pick<Draft, 'edits' | 'base'>,
  saved: Saved,
): { edits: Edits; conflicts: Conflict[] } {
  const edits: Edits = {}
  const conflicts: Conflict[] = []
  for (const [row, edit] of Object.entries(draft.edits)) {
    const cells: Record<string, string> = {}
    for (const [field, mine] of Object.entries(edit.cells)) {
      const theirs = saved(row, field)
      const base = draft.base[row]?.[field] ?? ''
      if (theirs === mine) continue
      if (theirs === base) cells[field] = mine
      else conflicts.push({ row, field, base, mine, theirs })
    }
    if (Object.keys(cells).length > 0 || edit.removed)
      edits[row] = { cells, ...(edit.removed && { removed: true }) }
  }
  return { edits, conflicts }
}

/** take puts one side of a conflict into the edits. */
export function take(edits: Edits, conflict: Conflict, side: 'mine' | 'theirs'): Edits {
  if (side === 'theirs') return edits
  const { row, field, mine } = conflict
  return { ...edits, [row]: { ...edits[row], cells: { ...edits[row]?.cells, [field]: mine } } }
}
