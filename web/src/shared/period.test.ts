import { expect, test } from 'vitest'
import { grainOf, isPeriod, lastMonthOf, monthTo, periodsBetween, toGrain, yearBefore } from './period'

test('isPeriod accepts the three forms and nothing else', () => {
  for (const good of ['2024', '2024-Q2', '2024-06']) expect(isPeriod(good)).toBe(true)
  for (const bad of ['2024-13', '2024-Q5', '24', '2024-6', '', undefined]) expect(isPeriod(bad)).toBe(false)
})

test('grainOf tells year, quarter and month apart', () => {
  expect(['2024', '2024-Q2', '2024-06'].map(grainOf)).toEqual(['year', 'quarter', 'month'])
})

test('lastMonthOf ends the period', () => {
  expect(['2024', '2024-Q2', '2024-06'].map(lastMonthOf)).toEqual(['2024-12', '2024-06', '2024-06'])
})

test('monthTo finds the quarter of every month', () => {
  expect(monthTo('2024-01', 'quarter')).toBe('2024-Q1')
  expect(monthTo('2024-12', 'quarter')).toBe('2024-Q4')
})

test('toGrain stays inside the known months', () => {
  expect(toGrain('2025', 'month', '2023-01', '2025-06')).toBe('2025-06')
  expect(toGrain('2024', 'quarter', '2023-01', '2025-06')).toBe('2024-Q4')
  expect(toGrain('2020', 'month', '2023-01', '2025-06')).toBe('2023-01')
})

test('periodsBetween is newest first and crosses years', () => {
  expect(periodsBetween('2023-11', '2024-02', 'month')).toEqual(['2024-02', '2024-01', '2023-12', '2023-11'])
  expect(periodsBetween('2023-11', '2024-02', 'quarter')).toEqual(['2024-Q1', '2023-Q4'])
  expect(periodsBetween('2023-11', '2024-02', 'year')).toEqual(['2024', '2023'])
})

test('yearBefore keeps quarter and month', () => {
  expect(['2024', '2024-Q2', '2024-06'].map(yearBefore)).toEqual(['2023', '2023-Q2', '2023-06'])
})
