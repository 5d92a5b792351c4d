import { expect, test } from 'vitest'
import { compare, draftName, dropDraft, keepDraft, readDraft, take } from './draft'

function memory() {
  const held = new Map<string, string>()
  return {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, text: string) => void held.set(name, text),
    removeItem: (name: string) => void held.delete(name),
  }
}

const name = draftName('u1', 'enterprise_monthly/enterprise/e1/2024-06')
const edits = { '': { cells: { output: '12', tax: '3', jobs: '7' } } }
const old: Record<string, string> = { output: '10', tax: '2', jobs: '6' }

const unsaved = { edits, conflicts: [], version: 4, saved: () => '', now: '2024-07-01T00:00:00Z' }

test('a draft is read back after a reload, with what it was typed over', () => {
  const store = memory()
  expect(keepDraft(name, { ...unsaved, saved: (_, field) => old[field] ?? '' }, store)).toBe(true)
  expect(readDraft(name, store)).toEqual({ version: 4, at: '2024-07-01T00:00:00Z', edits, base: { '': old } })
  dropDraft(name, store)
  expect(readDraft(name, store)).toBeNull()
})

test('nothing unsaved keeps no draft', () => {
  const store = memory()
  keepDraft(name, unsaved, store)
  keepDraft(name, { ...unsaved, edits: {} }, store)
  expect(readDraft(name, store)).toBeNull()
})

test('a store that is full or holds nonsense costs nothing but the draft', () => {
  const full = {
    ...memory(),
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  expect(keepDraft(name, unsaved, full)).toBe(false)
  const store = memory()
  store.setItem(name, '{"version":')
  expect(readDraft(name, store)).toBeNull()
  store.setItem(name, '{"version":"4"}')
  expect(readDraft(name, store)).toBeNull()
})

test('compare keeps my cell, drops the equal one and shows the one that both changed', () => {
  const theirs: Record<string, string> = { output: '10', tax: '3', jobs: '9' }
  const { edits: kept, conflicts } = compare({ edits, base: { '': old } }, (_, field) => theirs[field] ?? '')
  expect(kept).toEqual({ '': { cells: { output: '12' } } })
  expect(conflicts).toEqual([{ row: '', field: 'jobs', base: '6', mine: '7', theirs: '9' }])
  const [conflict] = conflicts
  if (!conflict) throw new Error('no conflict')
  expect(take(kept, conflict, 'mine')['']?.cells).toEqual({ output: '12', jobs: '7' })
  expect(take(kept, conflict, 'theirs')).toBe(kept)
})

test('compare keeps a removal', () => {
  const draft = { edits: { r1: { cells: {}, removed: true } }, base: { r1: {} } }
  expect(compare(draft, () => '').edits).toEqual({ r1: { cells: {}, removed: true } })
})

test('a conflict that is not decided yet is kept with the draft and shown again', () => {
  const store = memory()
  const conflict = { row: '', field: 'jobs', base: '6', mine: '7', theirs: '9' }
  keepDraft(name, { ...unsaved, edits: {}, conflicts: [conflict] }, store)
  const draft = readDraft(name, store)
  if (!draft) throw new Error('no draft')
  expect(compare(draft, () => '9').conflicts).toEqual([conflict])
})
