// The calls of the pipeline's pages, in one place.
import { api, ask } from '../shared/api'
import type { Page } from '../shared/PageTable'
import { Changed, changedIn } from './conflict'
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

type Query = { [name: string]: string | number | undefined }

interface Init {
  params?: { query?: Query; path?: Record<string, string> }
  body?: unknown
  bodySerializer?: (body: unknown) => FormData
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
    ask(get('/api/v1/lifecycles/{code}', { params: { path: { code } }, signal })) as Promise<{
      stages: StageName[] | null
    }>,
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
    ask(post('/api/v1/baselines', { body })) as Promise<Baseline>,
  track: (kind: SubjectKind, id: string, signal: AbortSignal) =>
    ask(get(subject, { params: at(kind, id), signal })) as Promise<Track>,
  evidence: (kind: SubjectKind, id: string, signal: AbortSignal) =>
    ask(get(`${subject}/evidence`, { params: at(kind, id), signal })) as Promise<{
      items: Evidence[] | null
    }>,
  attach: (kind: SubjectKind, id: string, paper: Paper) => {
    const body = new FormData()
    for (const name of ['stage', 'grade', 'title', 'number'] as const)
      if (paper[name]) body.append(name, paper[name])
    if (paper.file) body.append('file', paper.file, paper.file.name)
    return ask(
      post(`${subject}/evidence`, { params: at(kind, id), body, bodySerializer: () => body }),
    ) as Promise<Evidence>
  },
  step: (kind: SubjectKind, id: string, deed: Deed | 'plan', step: Step) =>
    told(post(`${subject}/${deed}`, { params: at(kind, id), body: step })),
}

export interface Officer {
  username: string
  name: string
}

/** told awaits a step; where somebody else changed the subject meanwhile, it throws Changed with what they did. */
async function told(call: ReturnType<Call>): Promise<Track> {
  const answer = await call.catch(() => null)
  const changed = answer && !answer.response.ok ? changedIn(answer.error) : null
  if (changed) throw new Changed(changed)
  return ask(call) as Promise<Track>
}
