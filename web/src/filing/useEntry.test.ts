import { expect, test } from 'vitest'
import { ApiError } from '../shared/api'
import type { Filing } from './types'
import { faultsOf, prefillOf, recordsOf } from './useEntry'

const filing = {
  version: 0,
  can: ['fill'],
  prefill: { output: { value: '12.5', from: '园区月报' } },
  records: [
    { key: 'a', version: 1, cells: { name: '甲', area: '10' }, nature: 'record', way: 'typed' },
    { key: 'b', version: 1, cells: { name: '乙' }, nature: 'record', way: 'typed' },
  ],
} as unknown as Filing

test('a save sends whole rows: what is saved with the changes over it', () => {
  expect(
    recordsOf(filing, {
      '=a': { cells: { area: '', note: '新' } },
      '+1': { cells: { name: '丙' } },
      '=b': { cells: {}, removed: true },
    }),
  ).toEqual([
    { key: 'a', cells: { name: '甲', note: '新' } },
    { cells: { name: '丙' } },
    { key: 'b', cells: {}, remove: true },
  ])
})

test('a filing that nobody began opens with what other forms answered; a begun or closed one does not', () => {
  expect(prefillOf(filing)).toEqual({ '=': { cells: { output: '12.5' } } })
  expect(prefillOf({ ...filing, version: 1 })).toEqual({})
  expect(prefillOf({ ...filing, can: [] })).toEqual({})
})

test('a refusal is laid on the cells that it names', () => {
  const error = new ApiError(422, 'form.bad', '有误', [
    { location: 'records[1].cells.output', message: '不是数字' },
    { location: 'elsewhere', message: 'x' },
  ])
  const edits = { '=a': { cells: {} }, '+1': { cells: {} } }
  expect(faultsOf(error, edits)).toEqual({ '+1': { output: '不是数字' } })
  expect(faultsOf(new Error('x'), edits)).toEqual({})
})
