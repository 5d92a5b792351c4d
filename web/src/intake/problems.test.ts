import { expect, test } from 'vitest'
import { counted, filtered, placeOf, repeated } from './problems'
import type { Problem } from './types'

const problem = (part: Partial<Problem>): Problem => ({
  file: '月报.xlsx',
  sheet: '月报',
  row: 5,
  column: '产值',
  cell: 'C5',
  field: 'output',
  text: '约12',
  severity: 'error',
  key: 'value.about',
  message: '是大约数',
  ...part,
})
const all = [
  problem({}),
  problem({ cell: 'C6', row: 6, text: '12O' }),
  problem({ cell: 'E5', field: 'tax', severity: 'warning' }),
]

test('filtered looks for a text in cell, original and sentence', () => {
  expect(filtered(all, { text: 'c6' })).toEqual([all[1]])
  expect(filtered(all, { text: '12o' })).toEqual([all[1]])
  expect(filtered(all, { text: ' 大约 ' })).toHaveLength(3)
})

test('filtered keeps one field and one severity', () => {
  expect(filtered(all, { field: 'output', text: '' })).toHaveLength(2)
  expect(filtered(all, { severity: 'warning', text: '' })).toEqual([all[2]])
})

test('counted puts the most frequent first', () => {
  expect(counted(all, 'field')).toEqual([
    { value: 'output', count: 2 },
    { value: 'tax', count: 1 },
  ])
})

test('placeOf tells the same cell of two sheets apart, and a row without a cell by its number', () => {
  expect(placeOf(problem({}))).toBe('月报!C5')
  expect(placeOf(problem({ sheet: '', cell: '', column: '产值' }))).toBe('产值5')
})

test('repeated offers texts that several cells have, but not rows that a rule refuses', () => {
  const four = Array.from({ length: 4 }, () => problem({ key: 'value.not_date', text: 'Not Required' }))
  const ruled = Array.from({ length: 4 }, () => problem({ key: 'intake.rule', text: '5' }))
  expect(repeated([...all, ...four, ...ruled])).toEqual([{ text: 'Not Required', count: 4 }])
})
