// The calls of the pages of lifecycles.
import { api, ask } from '../shared/api'
import type { Lifecycle, LifecycleCheck, LifecycleHead } from './types'

interface Init {
  params?: { path?: Record<string, string> }
  body?: unknown
  signal?: AbortSignal
}

type Call = (path: string, init: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>

const get = api.GET as unknown as Call
const post = api.POST as unknown as Call
const put = api.PUT as unknown as Call

async function read<Body>(call: ReturnType<Call>): Promise<Body> {
  return (await ask(call)) as Body
}

const one = '/api/v1/lifecycles/{code}'

export const calls = {
  list: (signal: AbortSignal) =>
    read<{ items: LifecycleHead[] | null }>(get('/api/v1/lifecycles', { signal })),
  get: (code: string, signal: AbortSignal) =>
    read<Lifecycle>(get(one, { params: { path: { code } }, signal })),
  check: (code: string, yaml: string, signal: AbortSignal) =>
    read<LifecycleCheck>(post(`${one}/check`, { params: { path: { code } }, body: { yaml }, signal })),
  put: (code: string, body: { yaml: string; reason: string }) =>
    read<Lifecycle>(put(one, { params: { path: { code } }, body })),
}
