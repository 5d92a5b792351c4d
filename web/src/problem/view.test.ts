import { expect, test } from 'vitest'
import { ApiError } from '../shared/api'
import { actsOf, changedMeanwhile, firstAct, latenessOf, pathOf, stepOf } from './view'

test('latenessOf tells late from due, undated and done', () => {
  expect(latenessOf({ state: 'open', due: '2025-06-01', late_days: 30 })).toEqual({ kind: 'late', days: 30 })
  expect(latenessOf({ state: 'open', due: '2025-08-01', late_days: 0 })).toEqual({ kind: 'due' })
  expect(latenessOf({ state: 'open', due: '', late_days: null })).toEqual({ kind: 'undated' })
  expect(latenessOf({ state: 'solved', due: '2025-06-01', late_days: null })).toEqual({ kind: 'done' })
})

test('actsOf keeps the order of work, and the form opens with a note where there is one', () => {
  expect(actsOf({ can: ['solve', 'note', 'assign'] })).toEqual(['assign', 'note', 'solve'])
  expect(actsOf({ can: null })).toEqual([])
  expect(firstAct(['assign', 'note'])).toBe('note')
  expect(firstAct(['confirm', 'reopen'])).toBe('confirm')
  expect(firstAct([])).toBeUndefined()
})

test('stepOf sends only what belongs to the act', () => {
  const entry = { owner: 'county.a', owner_org: '', due: ' 2025-08-01 ', text: ' 已协调 ' }
  expect(stepOf({ ...entry, act: 'assign' }, 3)).toEqual({
    version: 3,
    act: 'assign',
    owner: 'county.a',
    owner_org: undefined,
    text: '已协调',
  })
  expect(stepOf({ ...entry, act: 'due' }, 3)).toEqual({
    version: 3,
    act: 'due',
    due: '2025-08-01',
    text: '已协调',
  })
  expect(stepOf({ ...entry, act: 'solve' }, 4)).toEqual({ version: 4, act: 'solve', text: '已协调' })
})

test('changedMeanwhile is only about somebody else being quicker', () => {
  const sentence = 'county.a已于2025-07-01 09:00办理过此问题，请查看后再操作'
  expect(changedMeanwhile(new ApiError(412, 'problem.changed', sentence))).toBe(sentence)
  expect(changedMeanwhile(new ApiError(403, 'problem.own_work', 'x'))).toBeNull()
  expect(changedMeanwhile(new Error('x'))).toBeNull()
})

test('pathOf leads to the page of the subject', () => {
  expect(pathOf('tenancy', 'a')).toBe('/tenancies/a')
  expect(pathOf('park', 'b')).toBe('/parks/b')
})
