import { expect, test } from 'vitest'
import type { Indicator, ReadingTarget } from '../shared/types'
import { agrees, change, headlines, judge, paceShare } from './headline'

const target: ReadingTarget = {
  value: 1000,
  kind: 'target',
  source: '',
  pace: null,
  attainment: null,
  published: null,
}

test('judge compares attainment with the share that is due today', () => {
  expect(judge({ ...target, pace: 500, attainment: 0.5 })).toBe('good')
  expect(judge({ ...target, pace: 500, attainment: 0.46 })).toBe('fair')
  expect(judge({ ...target, pace: 500, attainment: 0.44 })).toBe('bad')
})

test('judge says nothing about a published result, or without a curve', () => {
  expect(judge({ ...target, kind: 'result', pace: 500, attainment: 0.1 })).toBeNull()
  expect(judge({ ...target, attainment: 0.1 })).toBeNull()
  expect(judge(null)).toBeNull()
})

test('paceShare is null for a target of nothing', () => {
  expect(paceShare({ ...target, value: 0, pace: 0 })).toBeNull()
})

test('change gives points for a ratio and a share for everything else', () => {
  expect(change({ value: 120, previous: 100, unit: 'count' })).toEqual({ difference: 20, share: 0.2 })
  expect(change({ value: 0.75, previous: 0.5, unit: 'ratio' })).toEqual({ difference: 0.25, share: null })
  expect(change({ value: 5, previous: 0, unit: 'count' })).toEqual({ difference: 5, share: null })
  expect(change({ value: 5, previous: null, unit: 'count' })).toBeNull()
})

test('agrees forgives dust, not a row', () => {
  expect(agrees(100_000_000_000.01, 100_000_000_000)).toBe(true)
  expect(agrees(1200, 1199)).toBe(false)
  expect(agrees(null, 0)).toBe(true)
})

test('headlines keeps the order of the programme and leaves the rest to the list', () => {
  const codes = ['x.y', 'premises.leasing_rate', 'park.in_use'].map((code) => ({ code }) as Indicator)
  expect(headlines(codes).map(({ code }) => code)).toEqual(['park.in_use', 'premises.leasing_rate'])
})
