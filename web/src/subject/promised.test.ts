import { expect, test } from 'vitest'
import { changed, type Entry, standingOf } from './promised'
import { recorded } from './testing'
import type { Asked, Promises } from './types'
import { clockOf, clockText } from './words'

const asked: Asked = { measure: 'output', basis: 'total', fixed: true }
const entry: Entry = {
  measure: 'output',
  basis: 'total',
  stage: 'production',
  months: 0,
  calendar: false,
  source: '合同第八条',
  reason: '补充协议',
  lines: [],
}

test('changed sends only the years that say something else, and those that are gone as no longer promised', () => {
  const standing = [recorded(1, '800'), recorded(2, '1200'), recorded(3, '1500')]
  const sent = changed(
    {
      ...entry,
      lines: [
        { year: 1, value: '800' },
        { year: 2, value: '1000' },
        { year: 4, value: '1600' },
      ],
    },
    asked,
    standing,
  )
  expect(sent.map(({ year, value }) => [year, value])).toEqual([
    [2, '1000'],
    [4, '1600'],
    [3, ''],
  ])
  expect(sent.every(({ reason, unit }) => reason === '补充协议' && unit === '万元')).toBe(true)
})

test('changed sends every year when the clock moves, and leaves an empty new year out', () => {
  const lines = [
    { year: 1, value: '800' },
    { year: 2, value: '' },
  ]
  const sent = changed({ ...entry, months: 6, lines }, asked, [recorded(1, '800')])
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject({ year: 1, value: '800', clock: 'production+6m' })
})

test('standingOf gives what counts of the measure, by year; a new promise stands on nothing', () => {
  const promises = {
    items: [
      recorded(2, '1'),
      recorded(1, '2'),
      recorded(1, '3', { counts: false }),
      recorded(3, '4', { basis: 'per_mu' }),
    ],
  } as Promises
  expect(standingOf(promises, asked).map(({ value }) => value)).toEqual(['2', '1'])
  expect(standingOf(promises, { ...asked, fixed: false })).toEqual([])
})

test('a clock is read and written alike', () => {
  for (const text of ['production', 'production+6m', 'signed/year', 'handed_over+36m/year'])
    expect(clockText(clockOf(text))).toBe(text)
})
