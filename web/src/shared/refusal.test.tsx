import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ApiError } from './api'
import { Refusal } from './FormDrawer'

test('Refusal says that somebody was faster only where that is so, else what the server says', () => {
  const { unmount } = render(<Refusal error={new ApiError(412, 'park.stale', '版本不符')} />)
  expect(screen.getByRole('alert').textContent).toContain('他人刚刚修改过')
  unmount()
  render(<Refusal error={new ApiError(409, 'auth.username_taken', '用户名“甲”已被使用。')} />)
  expect(screen.getByRole('alert').textContent).toBe('用户名“甲”已被使用。')
})
