import { expect, test } from 'vitest'
import { faultOf, readCell, showCell } from './cellText'

const zh = { lang: 'zh-CN', yes: '是', no: '否' } as const
const quantity = { kind: 'quantity', choices: null } as const
const date = { kind: 'date', choices: null } as const
const choice = {
  kind: 'choice' as const,
  choices: [{ code: 'open', name: '未解决', name_en: 'Open' }],
}

test('readCell takes numbers as offices write them and changes no digit', () => {
  for (const [typed, want] of [
    ['１２３．５', '123.5'],
    ['1,234,567.80', '1234567.80'],
    [' 12 345 ', '12345'],
    ['+7', '7'],
    ['−3', '-3'],
    ['约100', '约100'],
    ['', ''],
  ] as const)
    expect(readCell(quantity, typed)).toBe(want)
})

test('readCell takes days in the common spellings', () => {
  for (const [typed, want] of [
    ['2024年3月5日', '2024-03-05'],
    ['2006.03', '2006-03'],
    ['2024/3/15', '2024-03-15'],
    ['2024', '2024'],
    ['3月5日', '3月5日'],
  ] as const)
    expect(readCell(date, typed)).toBe(want)
})

test('a choice is read by its name in either language and shown by it', () => {
  expect(readCell(choice, '未解决')).toBe('open')
  expect(readCell(choice, 'OPEN')).toBe('open')
  expect(showCell(choice, 'open', zh)).toBe('未解决')
  expect(showCell(choice, 'open', { ...zh, lang: 'en' })).toBe('Open')
})

test('faultOf refuses only what cannot be right', () => {
  expect(faultOf(quantity, '')).toBeNull()
  expect(faultOf(quantity, '12.5')).toBeNull()
  expect(faultOf(quantity, '约100')).toBe('fill.badNumber')
  expect(faultOf(date, '2023-02-29')).toBe('fill.badDate')
  expect(faultOf(date, '2024-02-29')).toBeNull()
  expect(faultOf({ kind: 'truth', choices: null }, 'maybe')).toBe('fill.badTruth')
  expect(faultOf(choice, 'closed')).toBe('fill.badChoice')
})

test('showCell marks thousands', () => {
  expect(showCell(quantity, '1234567.80', zh)).toBe('1,234,567.80')
  expect(showCell(quantity, '-1234', zh)).toBe('-1,234')
  expect(showCell(quantity, undefined, zh)).toBe('')
})
