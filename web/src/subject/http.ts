// The calls of the pages of tenancies and projects, in one place.
import { Changed, changedIn } from '../pipeline/conflict'
import type { Problem } from '../problem/types'
import { api, ask } from '../shared/api'
import type { Page } from '../shared/PageTable'
import type {
  Act,
  Evidence,
  NewEvidence,
  NewPromise,
  Officer,
  Person,
  Promises,
  Ref,
  Step,
  Track,
} from './types'

interface Init {
  params?: { query?: Record<string, string | number | undefined>; path?: Record<string, string> }
  body?: unknown
  bodySerializer?: (body: unknown) => FormData
  signal?: AbortSignal
}

type Call = (path: string, init: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>

const get = api.GET as unknown as Call
const post = api.POST as unknown as Call
const put = api.PUT as unknown as Call

const subject = '/api/v1/subjects/{kind}/{id}'
const of = ({ kind, id }: Ref) => ({ path: { kind, id } })

async function read<Body>(call: ReturnType<Call>): Promise<Body> {
  return (await ask(call)) as Body
}

/** fileURL is the address of the file of a piece of evidence; thumbnailURL of its small picture. */
export const fileURL = (id: string) => `/api/v1/evidence/${encodeURIComponent(id)}/file`
export const thumbnailURL = (id: string) => `/api/v1/evidence/${encodeURIComponent(id)}/thumbnail`

export const calls = {
  track: (ref: Ref, signal?: AbortSignal) => read<Track>(get(subject, { params: of(ref), signal })),
  step: (ref: Ref, act: Act, step: Step & { version: number }) =>
    told(post(`${subject}/${act}`, { params: of(ref), body: step })),
  evidence: (ref: Ref, signal: AbortSignal) =>
    read<{ items: Evidence[] | null }>(get(`${subject}/evidence`, { params: of(ref), signal })),
  attach: (ref: Ref, { file, ...fields }: NewEvidence) => {
    const body = new FormData()
    for (const [name, text] of Object.entries(fields)) if (text) body.append(name, text)
    if (file) body.append('file', file, file.name)
    return read<Evidence>(post(`${subject}/evidence`, { params: of(ref), body, bodySerializer: () => body }))
  },
  withdraw: (id: string, reason: string) =>
    read<Evidence>(post('/api/v1/evidence/{id}/withdraw', { params: { path: { id } }, body: { reason } })),
  promises: (ref: Ref, signal: AbortSignal) =>
    read<Promises>(get(`${subject}/promises`, { params: of(ref), signal })),
  promise: (ref: Ref, items: NewPromise[]) =>
    read<Promises>(post(`${subject}/promises`, { params: of(ref), body: { items } })),
  land: (ref: Ref, body: { land: string; unit: string; source: string }) =>
    read<Promises>(post(`${subject}/promises/land`, { params: of(ref), body })),
  people: ({ kind, id }: Ref, signal: AbortSignal) =>
    read<{ items: Person[] | null }>(
      get('/api/v1/officers', { params: { query: { kind, subject: id } }, signal }),
    ),
  officer: (ref: Ref, signal: AbortSignal) =>
    read<Officer>(get(`${subject}/officer`, { params: of(ref), signal })),
  appoint: (ref: Ref, body: { username: string; since: string; reason: string }) =>
    read<Officer>(put(`${subject}/officer`, { params: of(ref), body })),
  problems: ({ kind, id }: Ref, cursor: string, signal: AbortSignal) =>
    read<Page<Problem>>(
      get('/api/v1/problems', {
        params: { query: { kind, subject: id, cursor: cursor || undefined, limit: 50 } },
        signal,
      }),
    ),
}

/** told awaits a step; where somebody else changed the subject meanwhile, it throws Changed with what they did. */
async function told(call: ReturnType<Call>): Promise<Track> {
  const answer = await call.catch(() => null)
  const changed = answer && !answer.response.ok ? changedIn(answer.error) : null
  if (changed) throw new Changed(changed)
  return read<Track>(call)
}
