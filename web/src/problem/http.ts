// The calls of the pages of problems, in one place.
import { api, ask } from '../shared/api'
import type { Lang } from '../shared/format'
import { nameIn } from '../shared/i18n'
import type { Page } from '../shared/PageTable'
import type {
  Breach,
  NewProblem,
  Person,
  Problem,
  ProblemPage,
  ProblemStep,
  Rules,
  SubjectHit,
  SubjectKind,
} from './types'

type Query = { [name: string]: string | number | undefined }

interface Init {
  params?: { query?: Query; path?: Record<string, string> }
  body?: unknown
  signal?: AbortSignal
}

type Call = (path: string, init: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>

const get = api.GET as unknown as Call
const post = api.POST as unknown as Call

function read<Body>(path: string, query: Query, signal: AbortSignal): Promise<Body> {
  const known = Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  )
  return ask(get(`/api/v1${path}`, { params: { query: known }, signal })) as Promise<Body>
}

const one = '/api/v1/problems/{id}'

interface Named {
  id: string
  name: string
  org_name: string
  org_name_en: string
}

export const calls = {
  list: (query: Query, cursor: string, signal: AbortSignal) =>
    read<Page<Problem>>('/problems', { ...query, cursor, limit: 50 }, signal),
  get: (id: string, signal: AbortSignal) =>
    ask(get(one, { params: { path: { id } }, signal })) as Promise<ProblemPage>,
  open: (body: NewProblem) => ask(post('/api/v1/problems', { body })) as Promise<ProblemPage>,
  act: (id: string, body: ProblemStep) =>
    ask(post(`${one}/act`, { params: { path: { id } }, body })) as Promise<ProblemPage>,
  people: (query: Query, signal: AbortSignal) => read<{ items: Person[] | null }>('/officers', query, signal),
  rules: (signal: AbortSignal) => read<Rules>('/problem-rules', {}, signal),
  breaches: (query: Query, cursor: string, signal: AbortSignal) =>
    read<Page<Breach>>('/promises/breaches', { ...query, cursor, limit: 50 }, signal),
  subjects: async (
    kind: SubjectKind,
    q: string,
    org: string | undefined,
    lang: Lang,
    signal: AbortSignal,
  ) => {
    const path = kind === 'park' ? '/parks' : '/pipeline/cards'
    const query = kind === 'park' ? { q, org, limit: 20 } : { kind, q, org, limit: 20 }
    const { items } = await read<{ items: Named[] | null }>(path, query, signal)
    return (items ?? []).map(
      ({ id, name, org_name, org_name_en }): SubjectHit => ({
        id,
        name,
        where: nameIn(lang, org_name, org_name_en),
      }),
    )
  },
}
