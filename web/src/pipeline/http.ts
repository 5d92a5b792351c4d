// The calls of the pipeline's pages, in one place.
import { get, post, type Query, read, told } from '../shared/calls'
import type { Page } from '../shared/PageTable'
import { stepped } from './conflict'
import type {
  Baseline,
  Card,
  Deed,
  Evidence,
  Filter,
  Funnel,
  GanttPage,
  Grade,
  Kanban,
  Lifecycle,
  Slippage,
  StageName,
  Step,
  SubjectKind,
  TableRow,
  Track,
} from './types'

const subject = '/api/v1/subjects/{kind}/{id}'
const at = (kind: SubjectKind, id: string) => ({ path: { kind, id } })

export interface Paper {
  stage: string
  grade: Grade
  title: string
  number: string
  file: File | null
}

export const calls = {
  lifecycles: (signal: AbortSignal) => read<{ items: Lifecycle[] | null }>('/lifecycles', {}, signal),
  stages: (code: string, signal: AbortSignal) =>
    told<{
      stages: StageName[] | null
    }>(get('/api/v1/lifecycles/{code}', { params: { path: { code } }, signal })),
  officers: (signal: AbortSignal) => read<{ items: Officer[] | null }>('/officers', {}, signal),
  kanban: (filter: Filter, signal: AbortSignal) => read<Kanban>('/pipeline/kanban', { ...filter }, signal),
  cards: (filter: Filter, cursor: string, signal: AbortSignal) =>
    read<Page<Card>>('/pipeline/cards', { ...filter, cursor, limit: 60 }, signal),
  table: (query: Query, signal: AbortSignal) => read<Page<TableRow>>('/pipeline/table', query, signal),
  gantt: (filter: Filter, cursor: string, signal: AbortSignal) =>
    read<GanttPage>('/pipeline/gantt', { ...filter, cursor, limit: 1000 }, signal),
  funnel: (query: Query, signal: AbortSignal) => read<Funnel>('/pipeline/funnel', query, signal),
  baselines: (org: string | undefined, signal: AbortSignal) =>
    read<{ items: Baseline[] | null }>('/baselines', { org }, signal),
  slippage: (query: Query, signal: AbortSignal) => read<Slippage>('/baselines/compare', query, signal),
  freeze: (body: { name: string; moment?: string; org?: string }) =>
    told<Baseline>(post('/api/v1/baselines', { body })),
  track: (kind: SubjectKind, id: string, signal: AbortSignal) =>
    told<Track>(get(subject, { params: at(kind, id), signal })),
  evidence: (kind: SubjectKind, id: string, signal: AbortSignal) =>
    told<{
      items: Evidence[] | null
    }>(get(`${subject}/evidence`, { params: at(kind, id), signal })),
  attach: (kind: SubjectKind, id: string, paper: Paper) => {
    const body = new FormData()
    for (const name of ['stage', 'grade', 'title', 'number'] as const)
      if (paper[name]) body.append(name, paper[name])
    if (paper.file) body.append('file', paper.file, paper.file.name)
    return told<Evidence>(
      post(`${subject}/evidence`, { params: at(kind, id), body, bodySerializer: () => body }),
    )
  },
  step: (kind: SubjectKind, id: string, deed: Deed | 'plan', step: Step) =>
    stepped<Track>(post(`${subject}/${deed}`, { params: at(kind, id), body: step })),
}

export interface Officer {
  username: string
  name: string
}
