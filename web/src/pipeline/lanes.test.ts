import { describe, expect, test } from 'vitest'
import { cardsOf, chosenOf, groupsOf, knownOf, paceOf, sumOf } from './lanes'
import type { Card, Lane, Lifecycle, TableRow } from './types'

const card = (id: string) => ({ kind: 'tenancy', id }) as Card
const lane = {
  cards: [card('a'), card('b')],
  area_m2: 1200,
  area_known: 2,
  investment: 9,
  investment_known: 1,
} as Lane

test('cardsOf shows a card once that moved between pages', () => {
  expect(cardsOf(lane, [card('b'), card('c')]).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(cardsOf({ ...lane, cards: null }, [])).toEqual([])
})

test('sumOf adds floor area for tenancies and investment for projects', () => {
  expect(sumOf(lane, 'tenancy')).toEqual({ value: 1200, unit: 'm2' })
  expect(sumOf(lane, 'project')).toEqual({ value: 9, unit: 'yuan' })
  expect(knownOf(lane, 'tenancy')).toBe(2)
  expect(knownOf(lane, 'project')).toBe(1)
})

test('paceOf judges only where both numbers are known', () => {
  expect(paceOf({ days: 61, norm_days: 60 })).toBe('over')
  expect(paceOf({ days: 60, norm_days: 60 })).toBe('within')
  expect(paceOf({ days: null, norm_days: 60 })).toBe('unknown')
  expect(paceOf({ days: 9, norm_days: null })).toBe('unknown')
})

describe('groupsOf', () => {
  const row = (id: string, org: string, park: string, stage: string) =>
    ({ id, org, org_name: `县${org}`, park, park_name: park && `园${park}`, stage }) as TableRow
  const rows = [row('1', 'b', 'p', 'signed'), row('2', 'a', '', 'intent'), row('3', 'b', 'p', 'intent')]
  const names = {
    org: (one: TableRow) => one.org_name,
    stage: (code: string) => code,
    noPark: '未定园区',
  }
  const shape = (groups: ReturnType<typeof groupsOf>) =>
    groups.map(({ name, rows }) => [name, rows.map(({ id }) => id).join()])

  test('keeps the order in which counties and parks come', () => {
    expect(shape(groupsOf(rows, 'county', names))).toEqual([
      ['县b', '1,3'],
      ['县a', '2'],
    ])
    expect(shape(groupsOf(rows, 'park', names))).toEqual([
      ['园p', '1,3'],
      ['未定园区', '2'],
    ])
  })

  test('puts stages in the order of the lifecycle, unknown ones last', () => {
    const some = [...rows, row('4', 'a', '', '')]
    expect(shape(groupsOf(some, 'stage', names, ['intent', 'signed']))).toEqual([
      ['intent', '2,3'],
      ['signed', '1'],
      ['', '4'],
    ])
  })
})

test('chosenOf takes the lifecycle of the address, else the first of its kind, else tenancies', () => {
  const all = [
    { code: 'construction', of: 'project' },
    { code: 'tenancy', of: 'tenancy' },
    { code: 'retrofit', of: 'project' },
  ] as Lifecycle[]
  expect(chosenOf(all, 'retrofit', undefined)?.code).toBe('retrofit')
  expect(chosenOf(all, 'unheard', 'project')?.code).toBe('construction')
  expect(chosenOf(all, undefined, undefined)?.code).toBe('tenancy')
  expect(chosenOf([], undefined, undefined)).toBeUndefined()
})
