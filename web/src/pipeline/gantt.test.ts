import { describe, expect, test } from 'vitest'
import { barsOf, extentOf, rowAfter, sheetsOf, slipOf, windowOf } from './gantt'
import { dateOf, spanOf } from './scale'
import type { GanttRow, Mark } from './types'

const at = (text: string) => spanOf(text)?.from ?? 0
const today = at('2025-07-12')
const dates = (span: { from: number; to: number } | null) => span && [dateOf(span.from), dateOf(span.to)]

const marks: Mark[] = [
  [0, '2024-01-01', '2024-01-01', '2024-01-10', 'verified'],
  [1, '2024-06-01', '2024-08-01', '2024-09-01', 'claimed'],
  [2, '2025-01-01', '2025-06-01', '', ''],
  [3, '2025-06-01', '2025-12-01', '', ''],
]

describe('barsOf', () => {
  const bars = barsOf(marks, today)

  test('spans the first plan, the latest plan, and what happened until today while something is left', () => {
    expect(dates(bars.first)).toEqual(['2024-01-01', '2025-06-01'])
    expect(dates(bars.planned)).toEqual(['2024-01-01', '2025-12-01'])
    expect(dates(bars.actual)).toEqual(['2024-01-10', '2025-07-12'])
  })

  test('ends what happened at the last day when nothing is left to do', () => {
    expect(dates(barsOf(marks.slice(0, 2), today).actual)).toEqual(['2024-01-10', '2024-09-01'])
  })

  test('tells stages entered, planned, and planned for a day that has passed', () => {
    expect(bars.diamonds.map(({ stage, state }) => [stage, state])).toEqual([
      [0, 'entered'],
      [1, 'entered'],
      [2, 'late'],
      [3, 'planned'],
    ])
    expect(dateOf(bars.diamonds[1]?.at ?? 0)).toBe('2024-09-01')
  })

  test('calls a month late only when all of it has passed', () => {
    expect(barsOf([[0, '', '2025-07', '', '']], today).diamonds[0]?.state).toBe('planned')
    expect(barsOf([[0, '', '2025-06', '', '']], today).diamonds[0]?.state).toBe('late')
  })

  test('draws nothing where nothing is known', () => {
    expect(barsOf([], today)).toEqual({ first: null, planned: null, actual: null, diamonds: [], slip: null })
  })
})

test('slipOf compares the last stage that was ever planned with its day, else with its latest plan', () => {
  expect(slipOf(marks)).toBe(183)
  expect(slipOf(marks.slice(0, 2))).toBe(92)
  expect(slipOf([[0, '2024-06', '2024-07-01', '', '']])).toBeNull()
  expect(slipOf([[0, '', '2024-07-01', '', '']])).toBeNull()
})

test('extentOf holds the years of all dates and of today', () => {
  const row = { marks } as unknown as GanttRow
  expect(dates(extentOf([row], today))).toEqual(['2024-01-01', '2025-12-31'])
  expect(dates(extentOf([{ ...row, marks: [[0, '2019', '', '', '']] }], today))).toEqual([
    '2019-01-01',
    '2025-12-31',
  ])
  expect(dates(extentOf([{ ...row, marks: null }], today))).toEqual(['2025-01-01', '2025-12-31'])
})

describe('windowOf', () => {
  test('draws the rows in view and a few around them, whatever their number', () => {
    expect(windowOf(0, 340, 34, 5000)).toEqual([0, 16])
    expect(windowOf(34 * 1000, 340, 34, 5000)).toEqual([994, 1016])
    expect(windowOf(34 * 4990, 340, 34, 5000)).toEqual([4984, 5000])
  })

  test('stays within few rows', () => {
    expect(windowOf(0, 340, 34, 3)).toEqual([0, 3])
    expect(windowOf(34 * 900, 340, 34, 3)).toEqual([3, 3])
  })
})

test('rowAfter moves within the rows, and leaves other keys alone', () => {
  expect(rowAfter('ArrowDown', 4, 10, 5)).toBe(5)
  expect(rowAfter('ArrowUp', 0, 10, 5)).toBe(0)
  expect(rowAfter('PageDown', 7, 10, 5)).toBe(9)
  expect(rowAfter('Home', 7, 10, 5)).toBe(0)
  expect(rowAfter('End', 0, 10, 5)).toBe(9)
  expect(rowAfter('a', 4, 10, 5)).toBeNull()
})

test('sheetsOf cuts rows into pages', () => {
  expect(sheetsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(sheetsOf([], 2)).toEqual([])
})
