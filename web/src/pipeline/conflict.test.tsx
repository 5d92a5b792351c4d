import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, test, vi } from 'vitest'
import { ConflictView } from './ConflictView'
import { changedIn, sidesOf, type Theirs } from './conflict'

const change = (stage: string, day: string, at: string, act = 'claim') => ({
  act,
  stage,
  way: 'claimed',
  day,
  reason: '验收通过',
  actor: 'county.a',
  at,
})

const body = {
  status: 412,
  key: 'milestone.changed',
  args: { actor: 'county.a', at: '2025-07-12T09:30:00+08:00', version: 7 },
  changes: [
    change('signed', '2025-07-01', '2025-07-12T09:00:00+08:00'),
    change('production', '2025-07-10', '2025-07-12T09:30:00+08:00'),
  ],
}
const theirs = changedIn(body) as Theirs
const mine = { act: 'claim', stage: 'production', day: '2025-07-11', reason: '设备投用' }

describe('changedIn', () => {
  test('reads who changed what, when, and the version after it', () => {
    expect(theirs).toMatchObject({ actor: 'county.a', at: '2025-07-12T09:30:00+08:00', version: 7 })
    expect(theirs.changes).toHaveLength(2)
  })

  test('leaves other refusals alone', () => {
    for (const other of [{ key: 'milestone.guard' }, {}, null, 'broken']) expect(changedIn(other)).toBeNull()
  })

  test('takes the last change where the sentence names nobody', () => {
    expect(changedIn({ key: 'milestone.changed', changes: body.changes })).toMatchObject({
      actor: 'county.a',
      version: 0,
    })
  })
})

test('sidesOf puts what concerns my stage first and sees when both say the same', () => {
  const sides = sidesOf(theirs, mine)
  expect(sides.about.map(({ stage }) => stage)).toEqual(['production'])
  expect(sides.other.map(({ stage }) => stage)).toEqual(['signed'])
  expect(sides.same).toBe(false)
  expect(sidesOf(theirs, { ...mine, day: '2025-07-10' }).same).toBe(true)
  expect(sidesOf(theirs, { ...mine, act: 'verify', day: '2025-07-10' }).same).toBe(false)
})

test('ConflictView shows both versions and leaves the choice to the user', async () => {
  const [take, again] = [vi.fn(), vi.fn()]
  render(
    <ConflictView
      theirs={theirs}
      mine={mine}
      stageName={(code) => ({ production: '投产', signed: '签约' })[code] ?? code}
      busy={false}
      onTake={take}
      onAgain={again}
    />,
  )
  const shown = screen.getByRole('alert').textContent
  expect(shown).toContain('county.a 于 2025/07/12 09:30 改过')
  expect(shown).toContain('2025年7月10日')
  expect(shown).toContain('2025年7月11日')
  expect(shown).toContain('设备投用')
  await userEvent.click(screen.getByRole('button', { name: '用对方的' }))
  await userEvent.click(screen.getByRole('button', { name: '再次提交' }))
  expect([take.mock.calls.length, again.mock.calls.length]).toEqual([1, 1])
})
