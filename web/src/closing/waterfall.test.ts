import { expect, test } from 'vitest'
import type { Bridge, BridgeStep } from './types'
import { barsOf, floorOf, piecesOf, shorten, sums } from './waterfall'

const step = (kind: BridgeStep['kind'], name: string, amount: number): BridgeStep => ({
  kind,
  name,
  amount,
  entity: name,
  table: 'filing',
  row: name,
  month: '',
  part: '',
  last_year: false,
  before: null,
  after: null,
})
const bridge: Bridge = {
  from: { no: 1, value: 100 },
  to: { no: 2, value: 85 },
  unit: 'count',
  steps: [step('late', '甲', 20), step('withdrawn', '乙', -30), step('corrected', '丙', -4)],
  more: 2,
  rest: -1,
}
const words = { from: '前', to: '后', rest: '其余', step: (kind: string, name: string) => `${kind} ${name}` }

test('each bar begins where the one before ended, and the last step ends at the later value', () => {
  const bars = barsOf(bridge, words)
  expect(bars.map(({ start, end }) => [start, end])).toEqual([
    [0, 100],
    [100, 120],
    [120, 90],
    [90, 86],
    [86, 85],
    [0, 85],
  ])
})

test('shorten moves the small steps into the rest and loses nothing', () => {
  const short = shorten(bridge, 1)
  expect(short).toMatchObject({ more: 4, rest: -35 })
  expect(sums(short)).toBe(true)
  expect(shorten(bridge, 3)).toBe(bridge)
})

test('sums sees a step that is missing', () => {
  expect(sums(bridge)).toBe(true)
  expect(sums({ ...bridge, rest: 0 })).toBe(false)
})

test('sums forgives what binary fractions lose, and counts what is not known as nothing', () => {
  const tenths = Array.from({ length: 10 }, (_, at) => step('late', `${at}`, 0.1))
  const from = { no: 1, value: null }
  expect(sums({ ...bridge, from, to: { no: 2, value: 1 }, steps: tenths, rest: 0 })).toBe(true)
})

test('the pieces of a bar stack up to it, also below and across zero', () => {
  expect(piecesOf({ start: 100, end: 120 })).toEqual({ foot: 100, above: 20, below: 0 })
  expect(piecesOf({ start: -5, end: -20 })).toEqual({ foot: -5, above: 0, below: -15 })
  expect(piecesOf({ start: 10, end: -4 })).toEqual({ foot: 0, above: 10, below: -4 })
  expect(piecesOf({ start: 0, end: 100 }, 60)).toEqual({ foot: 60, above: 40, below: 0 })
})

test('the axis begins above zero only where the steps would else be too small to see', () => {
  expect(floorOf(barsOf(bridge, words))).toBeGreaterThan(0)
  expect(
    floorOf(barsOf({ ...bridge, steps: [step('late', '甲', 400)], to: { no: 2, value: 499 } }, words)),
  ).toBe(0)
  expect(floorOf(barsOf({ ...bridge, from: { no: 1, value: -3 } }, words))).toBe(0)
})
