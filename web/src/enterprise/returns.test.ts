import { expect, test } from 'vitest'
import { byMonth, fieldsOf } from './returns'

const value = (month: string, field: string) => ({
  month,
  field,
  value: 1,
  unit: 'yuan',
  nature: 'simulated',
  source: '',
})

test('byMonth gives one row per month, oldest first', () => {
  const months = byMonth([value('2024-02', 'output'), value('2024-01', 'output'), value('2024-02', 'jobs')])
  expect(months.map(({ month }) => month)).toEqual(['2024-01', '2024-02'])
  expect(months[1]?.values.size).toBe(2)
})

test('fieldsOf puts output first', () => {
  expect(fieldsOf(byMonth([value('2024-01', 'energy'), value('2024-01', 'output')]))).toEqual([
    'output',
    'energy',
  ])
})
