// The calls of the pages of lifecycles.
import { get, post, put, told } from '../shared/calls'
import type { Lifecycle, LifecycleCheck, LifecycleHead } from './types'

const one = '/api/v1/lifecycles/{code}'

export const calls = {
  list: (signal: AbortSignal) =>
    told<{ items: LifecycleHead[] | null }>(get('/api/v1/lifecycles', { signal })),
  get: (code: string, signal: AbortSignal) =>
    told<Lifecycle>(get(one, { params: { path: { code } }, signal })),
  check: (code: string, yaml: string, signal: AbortSignal) =>
    told<LifecycleCheck>(post(`${one}/check`, { params: { path: { code } }, body: { yaml }, signal })),
  put: (code: string, body: { yaml: string; reason: string }) =>
    told<Lifecycle>(put(one, { params: { path: { code } }, body })),
}
