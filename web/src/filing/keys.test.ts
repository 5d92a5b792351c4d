import { expect, test } from 'vitest'
import { blockOf, commandOf, inside, moved, nextCell, spread } from './keys'

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  metaKey: false,
  ...held,
})
const extent = { rows: 3, columns: 4, page: 2 }

test('between cells the keys move, begin and clear', () => {
  expect(commandOf(press('ArrowDown'), 'move', 9)).toMatchObject({ do: 'move', by: { row: 1, column: 0 } })
  expect(commandOf(press('ArrowRight', { shiftKey: true }), 'move', 9)).toMatchObject({ extend: true })
  expect(commandOf(press('Enter'), 'move', 9)).toMatchObject({ by: { row: 1, column: 0 } })
  expect(commandOf(press('Tab', { shiftKey: true }), 'move', 9)).toEqual({ do: 'next', back: true })
  expect(commandOf(press('F2'), 'move', 9)).toEqual({ do: 'edit' })
  expect(commandOf(press('Delete'), 'move', 9)).toEqual({ do: 'clear' })
  expect(commandOf(press('z', { ctrlKey: true }), 'move', 9)).toEqual({ do: 'undo' })
  expect(commandOf(press('Z', { metaKey: true, shiftKey: true }), 'move', 9)).toEqual({ do: 'redo' })
  expect(commandOf(press('PageDown'), 'move', 9)).toMatchObject({ by: { row: 9, column: 0 } })
})

test('letters, copying and pasting are left to the browser', () => {
  for (const pressed of [press('5'), press('c', { ctrlKey: true }), press('v', { ctrlKey: true })])
    expect(commandOf(pressed, 'move', 9)).toBeNull()
})

test('the arrows go on after typing over a cell, and move inside the text after F2', () => {
  expect(commandOf(press('ArrowDown'), 'replace', 9)).toEqual({ do: 'commit', go: 'down' })
  expect(commandOf(press('ArrowDown'), 'edit', 9)).toBeNull()
  expect(commandOf(press('ArrowLeft'), 'replace', 9)).toBeNull()
  expect(commandOf(press('Escape'), 'edit', 9)).toEqual({ do: 'cancel' })
  expect(commandOf(press('Delete'), 'edit', 9)).toBeNull()
})

test('a move stays inside the grid', () => {
  expect(moved({ row: 0, column: 0 }, { row: -1, column: -1 }, extent)).toEqual({ row: 0, column: 0 })
  expect(moved({ row: 1, column: 1 }, { row: 1e9, column: 0 }, extent)).toEqual({ row: 2, column: 1 })
  expect(moved({ row: 1, column: 1 }, 'end', extent)).toEqual({ row: 1, column: 3 })
  expect(moved({ row: 0, column: 0 }, 'last', { rows: 0, columns: 0, page: 1 })).toEqual({
    row: 0,
    column: 0,
  })
})

test('Tab goes along the rows and leaves at the ends', () => {
  expect(nextCell({ row: 0, column: 3 }, false, extent)).toEqual({ row: 1, column: 0 })
  expect(nextCell({ row: 1, column: 0 }, true, extent)).toEqual({ row: 0, column: 3 })
  expect(nextCell({ row: 2, column: 3 }, false, extent)).toBeNull()
  expect(nextCell({ row: 0, column: 0 }, true, extent)).toBeNull()
})

test('one copied cell fills the selection, a block keeps its shape and is cut at the edge', () => {
  const selection = blockOf({ row: 2, column: 1 }, { row: 1, column: 2 })
  expect(inside(selection, 2, 2)).toBe(true)
  expect(inside(selection, 0, 2)).toBe(false)
  expect(spread([['7']], selection, extent)).toHaveLength(4)
  expect(
    spread([['a', 'b', 'c', 'd'], ['e', 'f', 'g', 'h'], ['beyond']], selection, extent).map(
      ({ row, column, text }) => `${row}${column}${text}`,
    ),
  ).toEqual(['11a', '12b', '13c', '21e', '22f', '23g'])
})
