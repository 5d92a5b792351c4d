import { afterEach, expect, test, vi } from 'vitest'
import { ApiError, api, ask } from './api'

afterEach(() => vi.restoreAllMocks())

function answer(status: number, body: unknown) {
  return vi
    .spyOn(globalThis, 'fetch')
    .mockResolvedValue(
      new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } }),
    )
}

test('ask returns the body and sends the language of the screen', async () => {
  const sent = answer(200, { items: [], next: '' })
  expect(await ask(api.GET('/api/v1/orgs'))).toEqual({ items: [], next: '' })
  const request = sent.mock.calls[0]?.[0] as Request | undefined
  expect(request?.headers.get('Accept-Language')).toBe('zh-CN')
})

test('ask throws what the server said, with key and fields', async () => {
  answer(422, {
    detail: '请求的格式不正确',
    key: 'request.invalid',
    errors: [{ location: 'query.period', message: 'bad' }],
  })
  const refusal = await ask(api.GET('/api/v1/orgs')).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(ApiError)
  expect(refusal).toMatchObject({ status: 422, key: 'request.invalid', message: '请求的格式不正确' })
  expect((refusal as ApiError).fields).toHaveLength(1)
})

test('ask names a lost connection', async () => {
  vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('failed to fetch'))
  await expect(ask(api.GET('/api/v1/orgs'))).rejects.toMatchObject({ status: 0, message: '连接不上服务器' })
})
