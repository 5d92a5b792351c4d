import { expect, test } from 'vitest'
import type { Fact, Month, Summary, Window } from './types'
import { barOf, factGroups, factOf, gapsOf, openWindows, shownMonths, tilesOf, yuanOf } from './view'

const none: Summary = {
  ready: 0,
  preparing: 0,
  misses: 0,
  below: 0,
  waiting: 0,
  in_list: 0,
  licence: 0,
  unknown: 0,
  no_sector: 0,
  entered: 0,
}

test('tilesOf always tells what decides the year, the rest only where there is some', () => {
  expect(tilesOf({ ...none, unknown: 3 }).map(({ verdict, count }) => `${verdict} ${count}`)).toEqual([
    'ready 0',
    'preparing 0',
    'misses 0',
    'below 0',
    'waiting 0',
    'in_list 0',
    'unknown 3',
  ])
})

test('openWindows leaves out those that are over and puts the next first', () => {
  const at = (closes: string, days_left: number | null) => ({ closes, days_left }) as Window
  const list = [at('2025-06-20', null), at('2025-11-04', 115), at('2025-07-20', 8)]
  expect(openWindows(list).map(({ closes }) => closes)).toEqual(['2025-07-20', '2025-11-04'])
  expect(openWindows(null)).toEqual([])
})

test('barOf never draws what is not known, and never beyond its end', () => {
  expect(barOf(null, 20_000_000)).toEqual({ width: null, share: null, reached: false })
  expect(barOf(1, null).width).toBeNull()
  expect(barOf(5_000_000, 20_000_000)).toEqual({ width: 0.25, share: 0.25, reached: false })
  expect(barOf(20_000_000, 20_000_000)).toEqual({ width: 1, share: 1, reached: true })
  expect(barOf(30_000_000, 20_000_000)).toEqual({ width: 1, share: 1.5, reached: true })
  expect(barOf(-10, 100).width).toBe(0)
})

const month = (month: string, counts: boolean, revenue: number | null): Month => ({
  month,
  counts,
  revenue,
  output: 1,
  electricity: null,
  tax: null,
})

test('gapsOf counts only months that the window asks for; zero is no gap', () => {
  expect(
    gapsOf([month('2025-01', false, null), month('2025-02', true, null), month('2025-03', true, 0)]),
  ).toBe(1)
})

test('shownMonths shows the latest first and cuts no month that counts', () => {
  const months = Array.from({ length: 36 }, (_, at) => month(`m${at}`, at >= 20, 1))
  expect(shownMonths(months, false).map(({ month }) => month)).toEqual(
    Array.from({ length: 16 }, (_, at) => `m${35 - at}`),
  )
  expect(shownMonths(months.slice(-14), false)).toHaveLength(14)
  expect(
    shownMonths(
      months.map((one) => ({ ...one, counts: false })),
      false,
    ),
  ).toHaveLength(12)
  expect(shownMonths(months, true)).toHaveLength(36)
})

test('factGroups gives every word, with the one that stands', () => {
  const fact = (word: Fact['fact'], seq: number, state: Fact['state']) => ({ fact: word, seq, state }) as Fact
  const groups = factGroups([
    fact('applied', 1, 'counts'),
    fact('listed', 1, 'taken_back'),
    fact('listed', 2, 'void'),
  ])
  expect(groups.map(({ word }) => word)).toEqual([
    'applied',
    'returned',
    'accepted',
    'listed',
    'delisted',
    'base',
    'last_year',
  ])
  expect(groups[0]?.stands?.seq).toBe(1)
  expect(groups[3]?.stands).toBeUndefined()
  expect(groups[3]?.all.map(({ seq }) => seq)).toEqual([2, 1])
})

test('factOf sends only what belongs to its word', () => {
  const entry = { day: '2025-07-01', month: '2025-08', year: '2024', amount: '2000.5', source: ' 统计局 ' }
  expect(factOf({ ...entry, fact: 'applied' })).toEqual({
    fact: 'applied',
    day: '2025-07-01',
    source: '统计局',
  })
  expect(factOf({ ...entry, fact: 'accepted' }).month).toBe('2025-08')
  expect(factOf({ ...entry, fact: 'base' })).toEqual({
    fact: 'base',
    day: '2025-07-01',
    source: '统计局',
    month: '2024-01',
    value: 20_005_000,
  })
})

test('yuanOf keeps cents', () => {
  expect(yuanOf('0.1')).toBe(1000)
  expect(yuanOf('2,000.000001')).toBe(20_000_000.01)
})
