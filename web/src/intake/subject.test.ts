import { expect, test } from 'vitest'
import { formPeriods, presentPeriod, templateAddress } from './subject'

const me = { first_period: '2024-01', last_period: '2024-06', default_period: '2024' }

test('formPeriods goes back from the present month to the first one of the ledger', () => {
  expect(formPeriods({ every: 'month' }, me, '2024-03')).toEqual(['2024-03', '2024-02', '2024-01'])
  expect(formPeriods({ every: 'quarter' }, me, '2024-05')).toEqual(['2024-Q2', '2024-Q1'])
  expect(formPeriods({ every: 'standing' }, me, '2024-05')).toEqual([])
})

test('presentPeriod is the last month that has ended, unless another is asked for in the form’s rhythm', () => {
  expect(presentPeriod({ every: 'month' }, undefined, me, '2024-08')).toBe('2024-07')
  expect(presentPeriod({ every: 'month' }, '2024-02', me, '2024-08')).toBe('2024-02')
  expect(presentPeriod({ every: 'month' }, '2024-Q1', me, '2024-08')).toBe('2024-07')
  expect(presentPeriod({ every: 'standing' }, '2024-02', me, '2024-08')).toBe('')
})

test('templateAddress is known once it is known for whom', () => {
  const form = { code: 'tenant_ledger', subject: 'park' } as const
  expect(templateAddress(form, undefined, '')).toBeUndefined()
  expect(templateAddress(form, 'p/1', '')).toBe('/api/v1/filings/tenant_ledger/park/p%2F1/-/template')
})
