// The calls of the pages of tenancies and projects, in one place.
import { stepped } from '../pipeline/conflict'
import type { Problem } from '../problem/types'
import { get, post, put, told } from '../shared/calls'
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

const subject = '/api/v1/subjects/{kind}/{id}'
const of = ({ kind, id }: Ref) => ({ path: { kind, id } })

/** fileURL is the address of the file of a piece of evidence; thumbnailURL of its small picture. */
export const fileURL = (id: string) => `/api/v1/evidence/${encodeURIComponent(id)}/file`
export const thumbnailURL = (id: string) => `/api/v1/evidence/${encodeURIComponent(id)}/thumbnail`

export const calls = {
  track: (ref: Ref, signal?: AbortSignal) => told<Track>(get(subject, { params: of(ref), signal })),
  step: (ref: Ref, act: Act, step: Step & { version: number }) =>
    stepped<Track>(post(`${subject}/${act}`, { params: of(ref), body: step })),
  evidence: (ref: Ref, signal: AbortSignal) =>
    told<{ items: Evidence[] | null }>(get(`${subject}/evidence`, { params: of(ref), signal })),
  attach: (ref: Ref, { file, ...fields }: NewEvidence) => {
    const body = new FormData()
    for (const [name, text] of Object.entries(fields)) if (text) body.append(name, text)
    if (file) body.append('file', file, file.name)
    return told<Evidence>(post(`${subject}/evidence`, { params: of(ref), body, bodySerializer: () => body }))
  },
  withdraw: (id: string, reason: string) =>
    told<Evidence>(post('/api/v1/evidence/{id}/withdraw', { params: { path: { id } }, body: { reason } })),
  promises: (ref: Ref, signal: AbortSignal) =>
    told<Promises>(get(`${subject}/promises`, { params: of(ref), signal })),
  promise: (ref: Ref, items: NewPromise[]) =>
    told<Promises>(post(`${subject}/promises`, { params: of(ref), body: { items } })),
  land: (ref: Ref, body: { land: string; unit: string; source: string }) =>
    told<Promises>(post(`${subject}/promises/land`, { params: of(ref), body })),
  people: ({ kind, id }: Ref, signal: AbortSignal) =>
    told<{ items: Person[] | null }>(
      get('/api/v1/officers', { params: { query: { kind, subject: id } }, signal }),
    ),
  officer: (ref: Ref, signal: AbortSignal) =>
    told<Officer>(get(`${subject}/officer`, { params: of(ref), signal })),
  appoint: (ref: Ref, body: { username: string; since: string; reason: string }) =>
    told<Officer>(put(`${subject}/officer`, { params: of(ref), body })),
  problems: ({ kind, id }: Ref, cursor: string, signal: AbortSignal) =>
    told<Page<Problem>>(
      get('/api/v1/problems', {
        params: { query: { kind, subject: id, cursor: cursor || undefined, limit: 50 } },
        signal,
      }),
    ),
}
