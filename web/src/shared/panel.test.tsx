import { fireEvent, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { ApiError } from './api'
import { type Loadable, Loaded, Panel } from './Panel'

function loadable(part: Partial<Loadable<string[]>>): Loadable<string[]> {
  return { data: undefined, error: null, isPending: false, isFetching: false, refetch: vi.fn(), ...part }
}

function show(part: Partial<Loadable<string[]>>) {
  const query = loadable(part)
  render(
    <Panel title="面板">
      <Loaded query={query} empty={(items) => items.length === 0} emptyText="没有内容">
        {(items) => <p>{items.join()}</p>}
      </Loaded>
    </Panel>,
  )
  return query
}

test('Loaded shows a skeleton while nothing is known', () => {
  show({ isPending: true })
  expect(screen.getByRole('status').textContent).toContain('正在加载')
})

test('Loaded shows the content, or says that there is none', () => {
  show({ data: ['甲'] })
  expect(screen.getByText('甲')).toBeTruthy()
  show({ data: [] })
  expect(screen.getByText('没有内容')).toBeTruthy()
})

test('Loaded tells a refusal, a missing thing and a fault apart', () => {
  show({ error: new ApiError(403, 'auth.denied', '您的角色无权执行此操作。') })
  expect(screen.getByRole('alert').textContent).toContain('没有权限')
  expect(screen.queryByRole('button')).toBeNull()
})

test('Loaded offers to try again after a fault', () => {
  const query = show({ error: new ApiError(500, 'internal', '系统内部错误') })
  expect(screen.getByRole('alert').textContent).toContain('系统内部错误')
  fireEvent.click(screen.getByRole('button', { name: /重 ?试/ }))
  expect(query.refetch).toHaveBeenCalledOnce()
})

test('Loaded keeps showing what it has when a refresh fails', () => {
  show({ data: ['甲'], error: new ApiError(500, 'internal', '系统内部错误') })
  expect(screen.getByText('甲')).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

test('a panel survives the fault of its content', () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const Broken = () => {
    throw new Error('broken')
  }
  render(
    <Panel title="面板">
      <Broken />
    </Panel>,
  )
  expect(screen.getByRole('heading', { name: '面板' })).toBeTruthy()
  expect(screen.getByRole('alert').textContent).toContain('加载失败')
  vi.restoreAllMocks()
})
