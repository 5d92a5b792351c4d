import { expect, test } from 'vitest'
import type { Body, Change, Grade, Row, Target } from './types'
import {
  amount,
  cut,
  earlierGrades,
  gradeOf,
  groups,
  quartersBetween,
  stageNamesOf,
  targetOf,
  toldOf,
  urgent,
} from './view'

const row = (name: string, over: Partial<Row>): Row => ({
  id: name,
  name,
  stage: '',
  since: '',
  way: '',
  next: '',
  next_planned: '',
  late: false,
  suspended: false,
  light: 'off',
  light_why: '',
  light_why_en: '',
  officer: '',
  problems: 0,
  nature: '',
  ...over,
})

test('urgent keeps what has to be talked about, the worst first, and says how much it leaves out', () => {
  const rows = [
    row('fine', { light: 'green' }),
    row('late', { late: true }),
    row('red', { light: 'red' }),
    row('late too', { late: true }),
    row('yellow and late', { light: 'yellow', late: true }),
  ]
  expect(urgent(rows, 2).shown.map(({ name }) => name)).toEqual(['red', 'yellow and late'])
  expect(urgent(rows, 2).more).toBe(2)
  expect(urgent(rows, 9).shown.map(({ name }) => name)).toEqual([
    'red',
    'yellow and late',
    'late',
    'late too',
  ])
  expect(urgent(null, 3)).toEqual({ shown: [], more: 0 })
})

test('cut never hides without counting', () => {
  expect(cut([1, 2, 3], 2)).toEqual({ shown: [1, 2], more: 1 })
  expect(cut([1], 2)).toEqual({ shown: [1], more: 0 })
})

test('gradeOf gives the grade that counts; the others stay in sight', () => {
  const grade = (site: string, seq: number, counts: boolean) => ({ site, seq, counts }) as Grade
  const grades = [grade('', 1, true), grade('p', 2, true), grade('p', 1, false)]
  expect(gradeOf(grades, 'p')?.seq).toBe(2)
  expect(gradeOf(grades, '')?.seq).toBe(1)
  expect(gradeOf(grades, 'q')).toBeUndefined()
  expect(earlierGrades(grades, 'p').map(({ seq }) => seq)).toEqual([1])
})

test('amount writes every unit that a review is frozen in', () => {
  const unitIn = (unit: string) => unit
  expect(amount(null, 'm2', 'zh-CN', unitIn)).toBe('—')
  expect(amount(702_000_000_000, 'fen', 'zh-CN', unitIn)).toBe('70.20\u2009亿元')
  expect(amount(828_210, 'ppm', 'zh-CN', unitIn)).toBe('82.8%')
  expect(amount(0.788, '比例', 'zh-CN', unitIn)).toBe('78.8%')
  expect(amount(2_090_000, 'm2', 'zh-CN', unitIn)).toBe('209.00\u2009万平方米')
  expect(amount(13, '个', 'zh-CN', unitIn)).toBe('13\u2009个')
  expect(amount(20, 'count', 'zh-CN', unitIn)).toBe('20')
  expect(amount(20240600, 'date', 'zh-CN', unitIn)).toBe('2024-06')
})

test('targetOf takes what is wanted, not what was published', () => {
  const target = (kind: Target['kind']) => ({ indicator: 'a', kind }) as Target
  expect(targetOf([target('result'), target('target')], 'a')?.kind).toBe('target')
  expect(targetOf(undefined, 'a')).toBeUndefined()
})

test('groups loses no sign of a digest', () => {
  expect(groups('9eec3d879af1192b589b5e97')).toBe('9eec3d87 9af1192b 589b5e97')
})

test('quartersBetween gives the latest first', () => {
  expect(quartersBetween('2024-05', '2025-01')).toEqual(['2025-Q1', '2024-Q4', '2024-Q3', '2024-Q2'])
})

const body = {
  lifecycles: [
    {
      code: 'tenancy',
      name: '',
      name_en: '',
      number: '',
      stages: [{ code: 'signed', name: '签约', name_en: 'Signed' }],
    },
  ],
} as Pick<Body, 'lifecycles'>

test('stageNamesOf tells the names of then, and the code where there is none', () => {
  expect(stageNamesOf(body, 'zh-CN')('tenancy', 'signed')).toBe('签约')
  expect(stageNamesOf(body, 'en')('tenancy', 'signed')).toBe('Signed')
  expect(stageNamesOf(body, 'en')('tenancy', 'lost')).toBe('lost')
})

test('toldOf puts stages and areas into words and leaves days alone', () => {
  const names = stageNamesOf(body, 'zh-CN')
  const change = (over: Partial<Change>): Change => ({
    kind: 'tenancy',
    id: 'a',
    name: 'a',
    what: 'stage',
    stage: '',
    before: '',
    after: 'signed',
    ...over,
  })
  expect(toldOf(change({}), 'tenancy', names, 'zh-CN')).toEqual({
    what: 'stage',
    stage: '',
    before: '—',
    after: '签约',
  })
  expect(toldOf(change({ what: 'area', after: '2441' }), 'tenancy', names, 'zh-CN').after).toBe(
    '2,441\u2009平方米',
  )
  expect(
    toldOf(change({ what: 'planned', stage: 'signed', after: '2025-08-01' }), 'tenancy', names, 'zh-CN'),
  ).toEqual({ what: 'planned', stage: '签约', before: '—', after: '2025-08-01' })
})
