import { expect, test } from 'vitest'
import type { Vintage } from './types'
import { pairsOf, viewOf } from './view'

const vintage = {
  no: 2,
  report: {
    orgs: [{ id: '350500' }, { id: '350582' }],
    indicators: [{ code: 'park.count' }, { code: 'filing.jobs' }],
  },
} as Vintage

test('a vintage is compared with earlier and later ones and with the ledger as it stands', () => {
  expect(pairsOf(2, [{ no: 1 }, { no: 2 }, { no: 3 }])).toEqual([
    { from: 1, to: 2 },
    { from: 2, to: 3 },
    { from: 2, to: 0 },
  ])
  expect(pairsOf(1, [])).toEqual([{ from: 1, to: 0 }])
})

test('viewOf takes what the address says where it exists', () => {
  const view = viewOf(vintage, [{ no: 1 }], {
    span: 'month',
    place: '350582',
    ind: 'filing.jobs',
    pair: '2-0',
  })
  expect(view).toMatchObject({
    span: 'month',
    org: '350582',
    indicator: 'filing.jobs',
    pair: { from: 2, to: 0 },
  })
  const other = viewOf(vintage, [{ no: 1 }], { place: 'x', ind: 'y', pair: '7-8' })
  expect(other).toMatchObject({ org: '350500', indicator: 'park.count', pair: { from: 1, to: 2 } })
})
