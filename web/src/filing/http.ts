// The calls of the pages about forms and filings, in one place.
import { api, ask, type Sent } from '../shared/api'
import type { paths } from '../shared/openapi'
import type { Ref } from './types'

const one = '/api/v1/filings/{form}/{kind}/{subject}/{period}'

export type FilingQuery = paths['/api/v1/filings']['get']['parameters']['query']
export type RecordChange = NonNullable<Sent<`${typeof one}/records`, 'put'>['records']>[number]
export type Answer = NonNullable<Sent<`${typeof one}/submit`, 'post'>['answers']>[number]
export type Differing = Sent<'/api/v1/enterprises/{id}/differing', 'post'>

/** at is the path of a filing, with the version that a write is about. */
const at = (ref: Ref) => ({ path: ref })
const on = (ref: Ref, version: number) => ({ path: ref, header: { 'If-Match': `"${version}"` } })

export const calls = {
  forms: (signal?: AbortSignal) => ask(api.GET('/api/v1/forms', { signal })),
  form: (code: string, period: string | undefined, signal?: AbortSignal) =>
    ask(api.GET('/api/v1/forms/{code}', { params: { path: { code }, query: { period } }, signal })),
  checkForm: (code: string, yaml: string, signal?: AbortSignal) =>
    ask(api.POST('/api/v1/forms/{code}/check', { params: { path: { code } }, body: { yaml }, signal })),
  putForm: (code: string, body: Sent<'/api/v1/forms/{code}', 'put'>) =>
    ask(api.PUT('/api/v1/forms/{code}', { params: { path: { code } }, body })),
  burden: (signal?: AbortSignal) => ask(api.GET('/api/v1/burden', { signal })),
  tasks: (period: string | undefined, signal?: AbortSignal) =>
    ask(api.GET('/api/v1/tasks', { params: { query: { period } }, signal })),
  progress: (period: string, signal?: AbortSignal) =>
    ask(api.GET('/api/v1/filings/progress', { params: { query: { period } }, signal })),
  filings: (query: FilingQuery, signal?: AbortSignal) =>
    ask(api.GET('/api/v1/filings', { params: { query }, signal })),
  filing: (ref: Ref, cursor?: string, signal?: AbortSignal) =>
    ask(api.GET(one, { params: { ...at(ref), query: { cursor, limit: 500 } }, signal })),
  save: (ref: Ref, version: number, body: { records: RecordChange[]; reason?: string }) =>
    ask(api.PUT(`${one}/records`, { params: on(ref, version), body })),
  submit: (ref: Ref, version: number, answers: Answer[]) =>
    ask(api.POST(`${one}/submit`, { params: on(ref, version), body: { answers } })),
  recall: (ref: Ref, version: number, reason: string) =>
    ask(api.POST(`${one}/recall`, { params: on(ref, version), body: { reason } })),
  approve: (ref: Ref, version: number, reason: string) =>
    ask(api.POST(`${one}/approve`, { params: on(ref, version), body: { reason } })),
  return: (ref: Ref, version: number, reason: string) =>
    ask(api.POST(`${one}/return`, { params: on(ref, version), body: { reason } })),
  reopen: (ref: Ref, version: number, reason: string) =>
    ask(api.POST(`${one}/reopen`, { params: on(ref, version), body: { reason } })),
  approveMany: (body: Sent<'/api/v1/filings/approve', 'post'>) =>
    ask(api.POST('/api/v1/filings/approve', { body })),
  diff: (ref: Ref, signal?: AbortSignal) => ask(api.GET(`${one}/diff`, { params: at(ref), signal })),
  cells: (ref: Ref, key: string, signal?: AbortSignal) =>
    ask(api.GET(`${one}/cells`, { params: { ...at(ref), query: { key } }, signal })),
  remark: (ref: Ref, body: Sent<`${typeof one}/remarks`, 'post'>) =>
    ask(api.POST(`${one}/remarks`, { params: at(ref), body })),
  differing: (id: string, body: Differing) =>
    ask(api.POST('/api/v1/enterprises/{id}/differing', { params: { path: { id } }, body })),
}

/** templateAddress is where the workbook of a filing is fetched. */
export function templateAddress({ form, kind, subject, period }: Ref): string {
  return `/api/v1/filings/${[form, kind, subject, period].map(encodeURIComponent).join('/')}/template`
}

/** exportAddress is where the filings of a form and period are fetched as one file. */
export function exportAddress(
  query: { form: string; period?: string; org?: string },
  format: 'xlsx' | 'csv',
): string {
  const known = Object.entries({ ...query, format }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return `/api/v1/filings/export?${new URLSearchParams(known)}`
}
