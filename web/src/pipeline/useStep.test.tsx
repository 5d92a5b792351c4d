import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { useStep } from './useStep'

afterEach(() => vi.restoreAllMocks())

const changed = {
  status: 412,
  key: 'milestone.changed',
  args: { actor: 'county.a', at: '2025-07-12T09:30:00+08:00', version: 4 },
  changes: [],
}
const guard = { status: 403, key: 'milestone.guard', detail: '投产要有许可或行政记录。' }

/** serve answers uploads with ids v1, v2, …, and claims one after the other with what is given. */
function serve(...answers: { status: number; key?: string }[]) {
  const sent: { uploads: number; claims: { version: number; evidence: string[] }[] } = {
    uploads: 0,
    claims: [],
  }
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    const request = input as Request
    if (request.url.endsWith('/evidence')) {
      sent.uploads++
      return Response.json({ id: `v${sent.uploads}` })
    }
    sent.claims.push(await request.json())
    const answer = answers.shift() ?? { status: 200 }
    return Response.json(answer, { status: answer.status })
  })
  return sent
}

function start() {
  const client = new QueryClient()
  const [done, kept] = [vi.fn(), vi.fn()]
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  )
  const { result } = renderHook(
    () => useStep({ kind: 'tenancy', id: 't1' }, 3, { onDone: done, onKept: kept }),
    { wrapper },
  )
  const step = { stage: 'production', day: '2025-07-01', source: '', reason: '', evidence: ['old'] }
  const paper = {
    key: 1,
    stage: 'production',
    grade: 'record',
    title: '登记',
    number: '1',
    file: null,
  } as const
  const submit = () => act(() => result.current.submit({ deed: 'claim', step, papers: [paper] }))
  return { result, done, kept, submit }
}

test('a step rests on what was ticked and on what was just handed in', async () => {
  const sent = serve()
  const { done, kept, submit } = start()
  submit()
  await waitFor(() => expect(done).toHaveBeenCalledOnce())
  expect(kept.mock.calls).toEqual([[1, 'v1']])
  expect(sent.claims).toMatchObject([{ version: 3, stage: 'production', evidence: ['old', 'v1'] }])
})

test('a refused step is tried again without handing the papers in twice', async () => {
  const sent = serve(guard)
  const { result, done, submit } = start()
  submit()
  await waitFor(() => expect(result.current.error).toMatchObject({ message: '投产要有许可或行政记录。' }))
  expect(done).not.toHaveBeenCalled()
  submit()
  await waitFor(() => expect(done).toHaveBeenCalledOnce())
  expect(sent.uploads).toBe(1)
  expect(sent.claims.map(({ evidence }) => evidence)).toEqual([
    ['old', 'v1'],
    ['old', 'v1'],
  ])
})

test('after a conflict the same step goes out with the new version, papers and all', async () => {
  const sent = serve(changed)
  const { result, done, submit } = start()
  submit()
  await waitFor(() => expect(result.current.theirs).toMatchObject({ actor: 'county.a', version: 4 }))
  expect(result.current.error).toBeNull()
  act(() => {
    result.current.again()
  })
  await waitFor(() => expect(done).toHaveBeenCalledOnce())
  expect(sent.uploads).toBe(1)
  expect(sent.claims.map(({ version }) => version)).toEqual([3, 4])
})

test('taking the version of the other one sends nothing', async () => {
  const sent = serve(changed)
  const { result, done, submit } = start()
  submit()
  await waitFor(() => expect(result.current.theirs).not.toBeNull())
  act(() => result.current.take())
  expect(done).toHaveBeenCalledOnce()
  expect(sent.claims).toHaveLength(1)
})
