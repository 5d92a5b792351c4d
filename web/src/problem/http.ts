// The calls of the pages of problems, in one place.
import { get, post, type Query, read, told } from '../shared/calls'
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
  get: (id: string, signal: AbortSignal) => told<ProblemPage>(get(one, { params: { path: { id } }, signal })),
  open: (body: NewProblem) => told<ProblemPage>(post('/api/v1/problems', { body })),
  act: (id: string, body: ProblemStep) =>
    told<ProblemPage>(post(`${one}/act`, { params: { path: { id } }, body })),
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
