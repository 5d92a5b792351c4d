// The calls of the pages of quarter reviews, in one place.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../shared/api'
import { type Page, usePages } from '../shared/PageTable'
import type { Head, Review } from './types'

interface Init {
  params?: { query?: Record<string, string | number | undefined>; path?: Record<string, string> }
  body?: unknown
  signal?: AbortSignal
}

type Call = (path: string, init: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>

const get = api.GET as unknown as Call
const post = api.POST as unknown as Call

const all = '/api/v1/reviews-quarter'
const one = `${all}/{id}`

export interface NewReview {
  org: string
  quarter: string
  title: string
}

export interface Grading {
  site: string
  grade: string
  remark?: string
}

export function useReviews(query: { org?: string; quarter?: string }) {
  return usePages<Head, Page<Head>>(
    ['quarter-reviews', 'list', query],
    (cursor, signal) =>
      ask(
        get(all, { params: { query: { ...query, cursor: cursor || undefined, limit: 50 } }, signal }),
      ) as Promise<Page<Head>>,
  )
}

const keyOf = (id: string) => ['quarter-reviews', 'one', id]

export function useReview(id: string) {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => ask(get(one, { params: { path: { id } }, signal })) as Promise<Review>,
  })
}

/** useFreeze freezes an office's numbers as they stand now. */
export function useFreeze(onDone: (review: Review) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewReview) => ask(post(all, { body })) as Promise<Review>,
    onSuccess: (review) => {
      client.setQueryData(keyOf(review.id), review)
      client.invalidateQueries({ queryKey: ['quarter-reviews', 'list'] })
      onDone(review)
    },
  })
}

export function useGrade(id: string, onDone: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Grading) =>
      ask(post(`${one}/grades`, { params: { path: { id } }, body })) as Promise<Review>,
    onSuccess: (review) => {
      client.setQueryData(keyOf(id), review)
      onDone()
    },
  })
}
