import { expect, test } from 'vitest'
import { steps } from './stages'

const claimed = (stage: string) => ({ stage, way: 'claimed' })

test('steps shows the main stages even where nothing is known', () => {
  const shown = steps([])
  expect(shown.map(({ stage }) => stage)).toEqual([
    'signed',
    'handed_over',
    'fitting_out',
    'production',
    'at_capacity',
    'enrolled',
  ])
  expect(shown.every(({ state }) => state === 'ahead')).toBe(true)
})

test('steps inserts an unusual stage at its place and keeps two entries of one stage apart', () => {
  const shown = steps([claimed('production'), { stage: 'production', way: 'verified' }, claimed('trial')])
  expect(shown.map(({ stage }) => stage).slice(2, 5)).toEqual(['fitting_out', 'trial', 'production'])
  expect(shown[4]?.entries).toHaveLength(2)
})

test('steps tells a stage passed without a date from one still ahead, and a plan from an entry', () => {
  const states = new Map(
    steps([claimed('production'), { stage: 'enrolled', way: 'planned' }]).map(({ stage, state }) => [
      stage,
      state,
    ]),
  )
  expect(states.get('fitting_out')).toBe('unrecorded')
  expect(states.get('production')).toBe('entered')
  expect(states.get('enrolled')).toBe('ahead')
})
