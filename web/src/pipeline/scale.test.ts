import { describe, expect, test } from 'vitest'
import { dateOf, daysBetween, frameOf, middleOf, spanOf, ticksOf } from './scale'

describe('spanOf', () => {
  test('gives the one day of a whole date', () => {
    const span = spanOf('2024-06-30')
    expect(span && [dateOf(span.from), dateOf(span.to)]).toEqual(['2024-06-30', '2024-06-30'])
  })

  test('gives all days that a date known in part may be', () => {
    for (const [text, from, to] of [
      ['2024-02', '2024-02-01', '2024-02-29'],
      ['2024-02-00', '2024-02-01', '2024-02-29'],
      ['2023', '2023-01-01', '2023-12-31'],
    ] as const) {
      const span = spanOf(text)
      expect([text, span && dateOf(span.from), span && dateOf(span.to)]).toEqual([text, from, to])
    }
  })

  test('is nothing where nothing is known', () => {
    for (const text of ['', null, undefined, '0000-00-00', 'soon']) expect(spanOf(text)).toBeNull()
  })
})

test('middleOf draws a month in its middle and a day on itself', () => {
  expect(dateOf(middleOf('2024-06') ?? 0)).toBe('2024-06-15')
  expect(dateOf(middleOf('2024-06-02') ?? 0)).toBe('2024-06-02')
})

test('daysBetween counts whole days over a leap day, and knows nothing of a bare month', () => {
  expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
  expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2)
  expect(daysBetween('2024-02', '2024-03-01')).toBeNull()
  expect(daysBetween('', '2024-03-01')).toBeNull()
})

describe('ticksOf', () => {
  const from = spanOf('2024-01-01')?.from ?? 0
  const to = spanOf('2025-12-31')?.to ?? 0

  test('has a tick for each month, quarter or year, years being major', () => {
    expect(ticksOf(from, to, 'month')).toHaveLength(24)
    expect(ticksOf(from, to, 'year').map(({ period }) => period)).toEqual(['2024', '2025'])
    const quarters = ticksOf(from, to, 'quarter')
    expect(quarters.map(({ period }) => period)).toEqual([
      '2024',
      '2024-Q2',
      '2024-Q3',
      '2024-Q4',
      '2025',
      '2025-Q2',
      '2025-Q3',
      '2025-Q4',
    ])
    expect(quarters.filter(({ major }) => major).map(({ at }) => dateOf(at))).toEqual([
      '2024-01-01',
      '2025-01-01',
    ])
  })

  test('leaves out what lies before a frame that begins within a year', () => {
    const ticks = ticksOf(spanOf('2024-05-20')?.from ?? 0, to, 'quarter')
    expect(ticks[0]?.period).toBe('2024-Q3')
  })
})

test('frameOf holds whole years, and is nothing without a day', () => {
  const frame = frameOf([spanOf('2023-11-05')?.from ?? 0, spanOf('2024-02-05')?.from ?? 0])
  expect(frame && [dateOf(frame.from), dateOf(frame.to)]).toEqual(['2023-01-01', '2024-12-31'])
  expect(frameOf([])).toBeNull()
})
