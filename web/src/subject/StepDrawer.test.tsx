// What a step sends, and the conflict as the second officer sees it: both versions, and none of them lost.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { StepDrawer } from './StepDrawer'
import { said, stage } from './testing'
import type { Track } from './types'

const track = {
  kind: 'tenancy',
  id: 't1',
  name: '企业甲',
  version: 3,
  suspended_name: '停产停建',
  stages: [stage('signed', { name: '签约', planned: said('2025-03-01'), can: ['plan'] })],
  history: [],
  can: ['plan'],
} as unknown as Track

const conflict = {
  key: 'milestone.changed',
  args: { actor: 'office.b', at: '2025-02-01T02:00:00Z', version: 4 },
  changes: [
    {
      version: 4,
      act: 'plan',
      stage: 'signed',
      way: 'planned',
      day: '2025-04-15',
      reason: '厂房延期',
      source: '',
      actor: 'office.b',
      at: '2025-02-01T02:00:00Z',
    },
  ],
}

afterEach(() => vi.unstubAllGlobals())

test('a step that somebody else overtook shows both versions and is sent again on demand', async () => {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(await request.json())
    return sent.length === 1
      ? Response.json(conflict, { status: 412, headers: { 'Content-Type': 'application/problem+json' } })
      : Response.json({ ...track, version: 5 })
  })
  const closed = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <StepDrawer track={track} wanted={{ act: 'plan', stage: 'signed' }} onClose={closed} />
    </QueryClientProvider>,
  )
  fireEvent.change(screen.getByLabelText('日期'), { target: { value: '2025-05-01' } })
  fireEvent.change(screen.getByLabelText('理由'), { target: { value: '设备未到' } })
  fireEvent.click(screen.getByText('定计划'))

  const both = await screen.findByRole('alert')
  for (const text of ['office.b', '2025年4月15日', '厂房延期', '2025年5月1日', '设备未到'])
    expect(both.textContent).toContain(text)
  expect(screen.queryByText('定计划')).toBeNull()
  expect(closed).not.toHaveBeenCalled()

  fireEvent.click(screen.getByText('再次提交'))
  await waitFor(() => expect(closed).toHaveBeenCalled())
  expect(sent).toEqual([
    expect.objectContaining({ version: 3, day: '2025-05-01', reason: '设备未到' }),
    expect.objectContaining({ version: 4, day: '2025-05-01', reason: '设备未到' }),
  ])
}, 20_000)

test('what a stage asks and no table knows is sent with the claim', async () => {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.method === 'GET') return Response.json({ items: [] })
    sent.push(await request.json())
    return Response.json({ ...track, version: 4 })
  })
  const asks = [
    { field: 'planned_this_year', kind: 'quantity', unit: '万元', name: '本年计划投资', name_en: '' },
    { field: 'land_ready', kind: 'truth', unit: '', name: '净地交付', name_en: '' },
  ]
  const asking = { ...track, stages: [stage('signed', { name: '签约', asks, can: ['claim'] })] }
  const closed = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <StepDrawer track={asking} wanted={{ act: 'claim', stage: 'signed' }} onClose={closed} />
    </QueryClientProvider>,
  )
  fireEvent.change(screen.getByLabelText('日期'), { target: { value: '2025-05-01' } })
  fireEvent.change(screen.getByLabelText('来源'), { target: { value: '企业甲' } })
  fireEvent.change(screen.getByLabelText('本年计划投资'), { target: { value: '1200' } })
  fireEvent.click(screen.getByLabelText('是'))
  fireEvent.click(screen.getByText(/^申 ?报$/)) // between two characters of a button the library may set a blank
  await waitFor(() => expect(closed).toHaveBeenCalled())
  expect(sent).toEqual([
    expect.objectContaining({ version: 3, facts: { planned_this_year: '1200', land_ready: 'true' } }),
  ])
}, 20_000)
