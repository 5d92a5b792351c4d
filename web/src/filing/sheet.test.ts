import { expect, test } from 'vitest'
import { after, blank, editCount, forget, redo, remove, undo, write } from './sheet'

const stored: Record<string, Record<string, string>> = { a: { output: '10' } }
const saved = (row: string, field: string) => stored[row]?.[field] ?? ''

test('a cell set back to what is saved is no change', () => {
  const changed = write(blank, [{ row: 'a', field: 'output', text: '12' }], saved)
  expect(changed.edits).toEqual({ a: { cells: { output: '12' } } })
  const back = write(changed, [{ row: 'a', field: 'output', text: '10' }], saved)
  expect(back.edits).toEqual({})
  expect(undo(back).edits).toEqual(changed.edits)
})

test('a pasted block is one step of undo', () => {
  const pasted = write(
    blank,
    [
      { row: 'a', field: 'output', text: '1' },
      { row: 'a', field: 'tax', text: '2' },
      { row: 'b', field: 'output', text: '3' },
    ],
    saved,
  )
  expect(editCount(pasted.edits)).toBe(3)
  const back = undo(pasted)
  expect(back.edits).toEqual({})
  expect(redo(back).edits).toEqual(pasted.edits)
})

test('writing nothing new is no step', () => {
  expect(write(blank, [{ row: 'a', field: 'output', text: '10' }], saved)).toBe(blank)
})

test('a new change ends what could be done again', () => {
  const one = write(blank, [{ row: 'a', field: 'output', text: '1' }], saved)
  const other = write(undo(one), [{ row: 'a', field: 'output', text: '2' }], saved)
  expect(redo(other)).toBe(other)
})

test('undo at the beginning and redo at the end do nothing', () => {
  expect(undo(blank)).toBe(blank)
  expect(redo(blank)).toBe(blank)
})

test('a removed row is one change and comes back', () => {
  const gone = remove(blank, ['a'])
  expect(editCount(gone.edits)).toBe(1)
  expect(remove(gone, ['a'], false).edits).toEqual({})
})

test('saved rows are forgotten, others stay', () => {
  const both = write(
    blank,
    [
      { row: 'a', field: 'output', text: '1' },
      { row: 'b', field: 'output', text: '2' },
    ],
    saved,
  )
  expect(forget(both, ['a']).edits).toEqual({ b: { cells: { output: '2' } } })
})

test('after lays changes over what is saved and leaves unknown cells out', () => {
  expect(after({ output: '10', tax: '3' }, { cells: { tax: '', jobs: '7' } })).toEqual({
    output: '10',
    jobs: '7',
  })
})
