import { expect, test } from 'vitest'
import { niceTop, rampOf, seriesOf } from './ramp'
import { promised } from './testing'

const box = { width: 240, height: 120, left: 40, right: 0, top: 10, bottom: 10 }

test('seriesOf keeps a contract and a county rule on the same measure apart', () => {
  const rows = [
    promised(1, { origin: 'yongchun', line: 'output' }),
    promised(1, { measure: 'jobs' }),
    promised(1),
    promised(2),
    promised(1, { basis: 'per_mu' }),
  ]
  expect(seriesOf(rows).map(({ key, rows }) => [key, rows.length])).toEqual([
    ['contract//output/total', 2],
    ['contract//output/per_mu', 1],
    ['contract//jobs/total', 1],
    ['yongchun/output/output/total', 1],
  ])
})

test('rampOf draws a step of the promised value over each year', () => {
  const { path, top, years } = rampOf([promised(1, { promised: 50 }), promised(2, { promised: 100 })], box)
  expect(top).toBe(100)
  expect(path).toBe('M40 60L140 60L140 10L240 10')
  expect(years.map(({ x }) => x)).toEqual([90, 190])
})

test('rampOf interrupts the line where a promise is not known, and draws no column where nothing was filed', () => {
  const { path, years } = rampOf(
    [promised(1, { promised: 100 }), promised(2, { promised: null }), promised(3, { promised: 100 })],
    { ...box, width: 340 },
  )
  expect(path).toBe('M40 10L140 10M240 10L340 10')
  expect(years[1]?.promised).toBeNull()
  expect(years.every(({ actual }) => actual === null)).toBe(true)
})

test('rampOf stands columns on the axis, and marks one with months missing as partial', () => {
  const { years } = rampOf(
    [promised(1, { promised: 100, actual: 40 }), promised(2, { promised: 100, actual: 80, months_known: 7 })],
    box,
  )
  expect(years[0]?.actual).toEqual({ x: 65, y: 70, width: 50, height: 40, partial: false })
  expect(years[1]?.actual?.partial).toBe(true)
  for (const { actual } of years) expect((actual?.y ?? 0) + (actual?.height ?? 0)).toBe(110)
})

test('rampOf holds what is filed above the promise', () => {
  const { top, years } = rampOf([promised(1, { promised: 100, actual: 180 })], box)
  expect(top).toBe(200)
  expect(years[0]?.actual?.y).toBeGreaterThanOrEqual(box.top)
})

test('rampOf of nothing known has no axis', () => {
  const { ticks, path } = rampOf([promised(1, { promised: null })], box)
  expect(ticks).toEqual([])
  expect(path).toBe('')
})

test('niceTop is the least round value that holds', () => {
  expect([0, 1, 1.1, 2.2, 3, 7, 10, 12_000_000].map(niceTop)).toEqual([0, 1, 2, 2.5, 5, 10, 10, 20_000_000])
})
