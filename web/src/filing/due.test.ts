import { expect, test } from 'vitest'
import { dueOf } from './due'

const window = { opens: '2024-07-01', due: '2024-07-10', locks: '2024-07-31' }

test('dueOf counts days over a month end', () => {
  expect(dueOf('2024-06-29', window)).toEqual({ key: 'task.opensOn', count: 2 })
  expect(dueOf('2024-07-01', window)).toEqual({ key: 'task.dueIn', count: 9 })
  expect(dueOf('2024-07-10', window)).toEqual({ key: 'task.dueToday', count: 0 })
  expect(dueOf('2024-07-12', window)).toEqual({ key: 'task.lateBy', count: 2 })
  expect(dueOf('2024-08-01', window)).toEqual({ key: 'task.lockedSince', count: 1 })
  expect(dueOf('2024-08-01', { opens: '', due: '', locks: '' })).toEqual({ key: 'task.noDue', count: 0 })
})
