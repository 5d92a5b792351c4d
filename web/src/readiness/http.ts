// The calls of the pages of readiness, in one place.
import { api, ask } from '../shared/api'
import { get, post, told } from '../shared/calls'
import type { Board, Detail, Evidence, NewFact, NewPaper } from './types'

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
    told<Board>(
      get('/api/v1/readiness', {
        params: { query: { ...query, cursor: cursor || undefined, limit } },
        signal,
      }),
    ),
  detail: (enterprise: string, signal: AbortSignal) =>
    told<Detail>(get(one, { params: of(enterprise), signal })),
  /** evidence gives what was handed in for the tenancies of an enterprise, without what was withdrawn. */
  evidence: async (enterprise: string, signal: AbortSignal): Promise<Evidence[]> => {
    const known = await ask(
      api.GET('/api/v1/enterprises/{id}', { params: { path: { id: enterprise } }, signal }),
    )
    const lists = await Promise.all(
      (known.tenancies ?? []).map(({ id }) =>
        told<{ items: Evidence[] | null }>(
          get('/api/v1/subjects/{kind}/{id}/evidence', {
            params: { path: { kind: 'tenancy', id } },
            signal,
          }),
        ),
      ),
    )
    return lists.flatMap(({ items }) => items ?? []).filter(({ withdrawn_at }) => !withdrawn_at)
  },
  addFact: (enterprise: string, body: NewFact) =>
    told<Detail>(post(`${one}/facts`, { params: of(enterprise), body })),
  addPaper: (enterprise: string, body: NewPaper) =>
    told<Detail>(post(`${one}/papers`, { params: of(enterprise), body })),
}
