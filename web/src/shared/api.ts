// The one door to the server. Types come from openapi.yaml; every failure becomes an ApiError.
import i18next from 'i18next'
import createClient from 'openapi-fetch'
import type { components, paths } from './openapi'

export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]

/** Sent is the JSON body that an operation takes. */
export type Sent<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  requestBody?: { content: { 'application/json': infer Body } }
}
  ? Body
  : never

/** FieldError is one part of a request that the server refused. */
export interface FieldError {
  location?: string
  key?: string
  message: string
}

/** ApiError is a refusal (problem+json) or a lost connection (status 0). message is in the reader's language. */
export class ApiError extends Error {
  readonly status: number
  readonly key: string
  readonly fields: FieldError[]

  constructor(status: number, key: string, message: string, fields: FieldError[] = []) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.key = key
    this.fields = fields
  }
}

export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  fetch: (request) => globalThis.fetch(request),
})

api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', i18next.language)
    return request
  },
})

interface Answer<Body> {
  data?: Body
  error?: unknown
  response: Response
}

/** ask awaits a call of the client and returns its body, or throws an ApiError. */
export async function ask<Body>(call: Promise<Answer<Body>>): Promise<Body> {
  let answer: Answer<Body>
  try {
    answer = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(0, 'network', i18next.t('state.offline'))
  }
  if (answer.response.ok) return answer.data as Body
  throw problem(answer.response.status, answer.error)
}

function problem(status: number, body: unknown): ApiError {
  const told = (typeof body === 'object' && body !== null ? body : {}) as {
    key?: string
    detail?: string
    title?: string
    errors?: FieldError[] | null
  }
  const message = told.detail || told.title || i18next.t('state.error', { status })
  return new ApiError(status, told.key ?? '', message, told.errors ?? [])
}
