import { expect, test } from 'vitest'
import { day, exact, moment, number, periodName, quantity, scaleOf, signed, withUnit } from './format'

test('quantity switches to 万 and 亿 in Chinese, to million and bn in English', () => {
  expect(quantity(21_000_000, 'm2', 'zh-CN')).toBe('2,100.0\u2009万平方米')
  expect(quantity(21_000_000, 'm2', 'en')).toBe('21.00\u2009million m²')
  expect(quantity(100_235_000_000, 'yuan', 'zh-CN')).toBe('1,002.4\u2009亿元')
  expect(quantity(100_235_000_000, 'yuan', 'en')).toBe('100.24\u2009bn yuan')
  expect(quantity(640_000, 'yuan', 'en')).toBe('640.00\u2009thousand yuan')
  expect(quantity(9_999, 'm2', 'zh-CN')).toBe('9,999\u2009平方米')
  expect(quantity(1204, 'count', 'zh-CN', '家')).toBe('1,204\u2009家')
  expect(quantity(0.7512, 'ratio', 'zh-CN')).toBe('75.1%')
})

test('quantity shows missing as a dash and zero as zero', () => {
  expect(quantity(null, 'm2', 'zh-CN')).toBe('—')
  expect(quantity(undefined, 'count', 'zh-CN', '家')).toBe('—')
  expect(quantity(0, 'count', 'zh-CN', '家')).toBe('0\u2009家')
})

test('scaleOf chooses one scale for a whole column', () => {
  const scale = scaleOf([5_000, 2_000_000, null], 'm2', 'zh-CN')
  expect([5_000, 2_000_000].map((value) => number(value, scale))).toEqual(['0.50', '200.00'])
  expect(scale.unit).toBe('万平方米')
})

test('signed writes a true minus and no sign for nothing', () => {
  const scale = scaleOf([12], 'count', 'zh-CN', '家')
  expect(signed(12, scale)).toBe('+12\u2009家')
  expect(signed(-12, scale)).toBe('\u221212\u2009家')
  expect(signed(0, scale)).toBe('0\u2009家')
})

test('exact rounds nothing away that a person recorded', () => {
  expect(exact(21_000_123.45, 'm2', 'zh-CN')).toBe('21,000,123.45\u2009平方米')
  expect(exact(0.751234, 'ratio', 'en')).toBe('75.1234%')
})

test('withUnit leaves no dangling space', () => {
  expect(withUnit(3, { divisor: 1, decimals: 0, unit: '' })).toBe('3')
})

test('day writes only what is known of a date', () => {
  expect(['2024', '2024-06', '2024-06-30'].map((text) => day(text, 'zh-CN'))).toEqual([
    '2024年',
    '2024年6月',
    '2024年6月30日',
  ])
  expect(day('2024-06-30', 'en')).toBe('30 Jun 2024')
  expect(day('', 'en')).toBe('—')
})

test('periodName writes quarters in words', () => {
  expect(periodName('2024-Q2', 'zh-CN')).toBe('2024年2季度')
  expect(periodName('2024-Q2', 'en')).toBe('Q2 2024')
  expect(periodName('2024', 'en')).toBe('2024')
})

test('moment is Chinese time', () => {
  expect(moment('2024-06-30T17:05:00Z', 'zh-CN')).toContain('01:05')
})
