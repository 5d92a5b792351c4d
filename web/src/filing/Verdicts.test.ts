import { expect, test } from 'vitest'
import type { Verdict } from './types'
import { answersOf, blockers, stepsOf, verdictKey } from './Verdicts'

const verdict = (change: Partial<Verdict>): Verdict => ({
  key: '',
  rule: 'jump',
  severity: 'warning',
  fields: ['output'],
  message: '相差过大',
  about: 'd1',
  trace: [],
  ...change,
})

test('an error and a warning without a reason keep a filing back, a note does not', () => {
  const error = verdict({ severity: 'error', rule: 'sum' })
  const warning = verdict({})
  const all = [error, warning, verdict({ severity: 'note', rule: 'n' })]
  expect(blockers(all, {})).toEqual({ errors: [error], unanswered: [warning] })
  expect(blockers(all, { [verdictKey(warning)]: '  ' }).unanswered).toEqual([warning])
  expect(blockers(all, { [verdictKey(warning)]: '属实' }).unanswered).toEqual([])
})

test('an answer holds for the values it was given for, and what was answered before is sent again', () => {
  const answered = verdict({ answer: { reason: '检修', actor: 'a', at: '' } })
  expect(answersOf([answered], {})).toEqual([{ key: '', rule: 'jump', about: 'd1', reason: '检修' }])
  const other = verdict({ about: 'd2' })
  expect(answersOf([other], { [verdictKey(verdict({}))]: '属实' })).toEqual([])
})

test('an explanation names each value once and by the name of its field', () => {
  const steps = [
    { expr: 'prev(output)', text: '219.1' },
    { expr: 'output', text: '9' },
    { expr: 'output', text: '9' },
  ]
  expect(stepsOf({ trace: steps }, (field) => (field === 'output' ? '产值' : field))).toEqual([
    { expr: 'prev(产值)', text: '219.1' },
    { expr: '产值', text: '9' },
  ])
})
