import { expect, test } from 'vitest'
import { event, evidence, said, stage } from './testing'
import { byGrade, daysBetween, daysOf, firstShown, plansOf, standingOf, takenWith, toldOf } from './view'

test('daysOf keeps the four kinds apart and marks the one that counts', () => {
  const deemed = {
    day: '2025-04-01',
    from: 'handed_over',
    from_name: '',
    from_name_en: '',
    months: 6,
    days: 0,
    basis: 'established',
    source: '',
  } as const
  const all = stage('production', {
    planned: said('2025-03-01'),
    claimed: said('2025-03-20'),
    deemed,
    verified: said('2025-03-18'),
    used: 'verified',
  })
  expect(daysOf(all)).toEqual([
    { way: 'planned', day: '2025-03-01', counts: false },
    { way: 'claimed', day: '2025-03-20', counts: false },
    { way: 'deemed', day: '2025-04-01', counts: false },
    { way: 'verified', day: '2025-03-18', counts: true },
  ])
})

test('daysOf never counts a plan', () => {
  const planned = stage('signed', { planned: said('2025-03-01') })
  expect(daysOf(planned).some(({ counts }) => counts)).toBe(false)
})

test('standingOf tells a stage that may be entered from one that lacks what it demands', () => {
  const blocked = { key: 'milestone.guard', message: '要有合同' }
  expect(standingOf(stage('signed'))).toBe('open')
  expect(standingOf(stage('signed', { blocked }))).toBe('lacking')
  expect(standingOf(stage('signed', { blocked, state: 'blocked' }))).toBe('blocked')
})

test('firstShown is the next open stage, else the last one entered; an end is no next stage', () => {
  const signed = stage('signed', { state: 'entered', used: 'claimed' })
  const cleared = stage('cleared', { end: true })
  const skipped = stage('intent')
  expect(firstShown([skipped, signed, stage('handed_over'), cleared])?.code).toBe('handed_over')
  expect(firstShown([skipped, signed, stage('handed_over', { state: 'blocked' }), cleared])?.code).toBe(
    'signed',
  )
  expect(firstShown([signed, stage('production', { state: 'deemed' })])?.code).toBe('production')
  expect(firstShown([stage('intent', { state: 'blocked' })])?.code).toBe('intent')
  expect(firstShown([])).toBeUndefined()
})

test('plansOf lists the plans that stand with the days between them', () => {
  const plan = (day: string, more = {}) => event({ act: 'plan', way: 'planned', day, ...more })
  const plans = plansOf(
    [
      plan('2025-03-01'),
      plan('2025-05-01', { stage: 'land' }),
      plan('2025-04-15'),
      plan('2025-09', {}),
      plan('2025-10-01', { void: true }),
      event({ act: 'claim', day: '2025-04-20' }),
    ],
    'signed',
  )
  expect(plans.map(({ event: { day }, days }) => [day, days])).toEqual([
    ['2025-03-01', null],
    ['2025-04-15', 45],
    ['2025-09', null],
  ])
})

test('daysBetween counts over a leap day and gives nothing where a day is not known', () => {
  expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2)
  expect(daysBetween('2024-03-01', '2024-02-28')).toBe(-2)
  expect(daysBetween('2024-02', '2024-03-01')).toBeNull()
})

test('toldOf gives what was taken back its reason, each its own', () => {
  const claim = event({ way: 'claimed', day: '2025-03-01', void: true })
  const again = event({ way: 'claimed', day: '2025-04-01' })
  const back = event({ act: 'void', way: 'claimed', day: '2025-03-01', reason: '合同未备案' })
  const paper = event({ act: 'evidence', void: true, evidence: [{ id: 'a', title: '', grade: 'photo' }] })
  const other = event({ act: 'withdraw', evidence: [{ id: 'b', title: '', grade: 'photo' }] })
  const gone = event({ act: 'withdraw', evidence: [{ id: 'a', title: '', grade: 'photo' }] })
  const told = toldOf([claim, paper, other, back, again, gone])
  expect(told.map(({ undone }) => undone)).toEqual([back, gone, null, null, null, null])
})

test('takenWith follows what builds on a stage through others, entered ones only', () => {
  const stages = [
    stage('signed', { used: 'claimed' }),
    stage('handed_over', { after: ['signed'], used: 'claimed' }),
    stage('fitting_out', { after: ['handed_over'] }),
    stage('production', { after: ['fitting_out'], used: 'deemed' }),
    stage('intent', { used: 'claimed' }),
  ]
  expect(takenWith(stages, 'signed').map(({ code }) => code)).toEqual(['handed_over', 'production'])
  expect(takenWith(stages, 'production')).toEqual([])
})

test('byGrade puts the strongest first and what was withdrawn last', () => {
  const sorted = byGrade([
    evidence('statement', { grade: 'statement' }),
    evidence('gone', { grade: 'permit', withdrawn_at: '2025-01-02T00:00:00Z' }),
    evidence('photo', { grade: 'photo' }),
    evidence('later', { recorded_at: '2025-01-03T00:00:00Z' }),
    evidence('record', {}),
    evidence('permit', { grade: 'permit' }),
  ])
  expect(sorted.map(({ id }) => id)).toEqual(['permit', 'record', 'later', 'photo', 'statement', 'gone'])
})
