import { expect, test } from 'vitest'
import { safeNext } from './LoginPage'

test('safeNext returns only to pages of this application', () => {
  expect(safeNext('/parks?q=a')).toBe('/parks?q=a')
  for (const bad of [
    undefined,
    '',
    'https://example.invalid',
    '//example.invalid',
    '/\\example.invalid',
    '/login',
  ]) {
    expect(safeNext(bad)).toBe('/')
  }
})
