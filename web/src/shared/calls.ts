// Calls whose answers a page describes itself (contract.ts holds it to the server's description). The addresses are those of
// openapi.yaml: another one does not compile.
import { api, ask } from './api'
import type { paths } from './openapi'

export type Query = { [name: string]: string | number | undefined }

interface Init {
  params?: { query?: Query; path?: Record<string, string> }
  body?: unknown
  bodySerializer?: (body: unknown) => FormData
  signal?: AbortSignal
}

export type Answered = Promise<{ data?: unknown; error?: unknown; response: Response }>
type Call = (path: keyof paths, init: Init) => Answered

export const get = api.GET as unknown as Call
export const post = api.POST as unknown as Call
export const put = api.PUT as unknown as Call

/** told awaits a call and gives its body as the page describes it, or throws an ApiError. */
export async function told<Body>(call: Answered): Promise<Body> {
  return (await ask(call)) as Body
}

type Short = keyof paths extends infer Path ? (Path extends `/api/v1${infer Rest}` ? Rest : never) : never

/** read gets a body; what is empty is left out of the query. */
export function read<Body>(path: Short, query: Query, signal: AbortSignal): Promise<Body> {
  const known = Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ''),
  )
  return told(get(`/api/v1${path}` as keyof paths, { params: { query: known }, signal }))
}
