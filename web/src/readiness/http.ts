// The calls of the pages of readiness, in one place.
import { api, ask } from '../shared/api'
import type { Board, Detail, Evidence, NewFact, NewPaper } from './types'

interface Init {
  params?: { query?: Record<string, string | number | undefined>; path?: Record<string, string> }
  body?: unknown
  signal?: AbortSignal
}

type Call = (path: string, init: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>

const get = api.GET as unknown as Call
const post = api.POST as unknown as Call

const one = '/api/v1/readiness/{enterprise}'
const of = (enterprise: string) => ({ path: { enterprise } })

export interface BoardQuery {
  org?: string
  park?: string
  verdict?: string
  q?: string
}

export const calls = {
  board: (query: BoardQuery, cursor: string, signal: AbortSignal, limit = 50) =>
    ask(
      get('/api/v1/readiness', {
        params: { query: { ...query, cursor: cursor || undefined, limit } },
        signal,
      }),
    ) as Promise<Board>,
  detail: (enterprise: string, signal: AbortSignal) =>
    ask(get(one, { params: of(enterprise), signal })) as Promise<Detail>,
  /** evidence gives what was handed in for the tenancies of an enterprise, without what was withdrawn. */
  evidence: async (enterprise: string, signal: AbortSignal): Promise<Evidence[]> => {
    const known = await ask(
      api.GET('/api/v1/enterprises/{id}', { params: { path: { id: enterprise } }, signal }),
    )
    const lists = await Promise.all(
      (known.tenancies ?? []).map(
        ({ id }) =>
          ask(
            get('/api/v1/subjects/{kind}/{id}/evidence', {
              params: { path: { kind: 'tenancy', id } },
              signal,
            }),
          ) as Promise<{ items: Evidence[] | null }>,
      ),
    )
    return lists.flatMap(({ items }) => items ?? []).filter(({ withdrawn_at }) => !withdrawn_at)
  },
  addFact: (enterprise: string, body: NewFact) =>
    ask(post(`${one}/facts`, { params: of(enterprise), body })) as Promise<Detail>,
  addPaper: (enterprise: string, body: NewPaper) =>
    ask(post(`${one}/papers`, { params: of(enterprise), body })) as Promise<Detail>,
}
