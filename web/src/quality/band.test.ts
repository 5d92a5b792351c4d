import { expect, test } from 'vitest'
import { bandOf, numberOf, placesOf } from './band'

test('numberOf reads the number that a text begins with', () => {
  expect(numberOf('1,203.5 万元')).toBe(1203.5)
  expect(numberOf('0.8倍')).toBe(0.8)
  expect(numberOf('−3')).toBe(-3)
  expect(numberOf('约')).toBeNull()
})

test('bandOf refuses what is in no order', () => {
  expect(bandOf({ low: '0.8', median: '1', high: '1.4' })).toEqual({ low: 0.8, median: 1, high: 1.4 })
  expect(bandOf({ low: '2', median: '1', high: '3' })).toBeNull()
  expect(bandOf({ low: '—', median: '1', high: '3' })).toBeNull()
})

test('placesOf compares by ratios: the half is as far from the middle as the double', () => {
  const { low, median, high } = placesOf({ low: 0.5, median: 1, high: 2 })
  expect(median).toBeCloseTo(50)
  expect(median - low).toBeCloseTo(high - median)
  expect(low).toBeGreaterThan(0)
  expect(high).toBeLessThan(100)
})
