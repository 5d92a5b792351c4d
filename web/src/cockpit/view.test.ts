import { expect, test } from 'vitest'
import { cutOf, readCell, writeCell } from './view'

test('a cell survives the way through the address, the group without a name included', () => {
  for (const cell of [
    'total',
    { by: 'org', group: '350582' },
    { by: 'month', group: '2024-03' },
    { by: 'industry', group: '' },
  ] as const) {
    expect(readCell(writeCell(cell))).toEqual(cell)
  }
})

test('readCell ignores what it does not know', () => {
  expect(readCell('county:1')).toBeNull()
  expect(readCell(undefined)).toBeNull()
})

test('cutOf asks for the whole year where months are shown', () => {
  const view = {
    place: { org: '350500', park: undefined, industry: undefined, period: '2024-Q2' },
    year: '2024',
  }
  expect(cutOf(view, 'x').period).toBe('2024-Q2')
  expect(cutOf(view, 'x', 'month').period).toBe('2024')
})
