// The calls of the pages of quarter reviews, in one place.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post, told } from '../shared/calls'
import { type Page, usePages } from '../shared/PageTable'
import type { Head, Review } from './types'

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
  return usePages<Head, Page<Head>>(['quarter-reviews', 'list', query], (cursor, signal) =>
    told<Page<Head>>(
      get(all, { params: { query: { ...query, cursor: cursor || undefined, limit: 50 } }, signal }),
    ),
  )
}

const keyOf = (id: string) => ['quarter-reviews', 'one', id]

export function useReview(id: string) {
  return useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => told<Review>(get(one, { params: { path: { id } }, signal })),
  })
}

/** useFreeze freezes an office's numbers as they stand now. */
export function useFreeze(onDone: (review: Review) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewReview) => told<Review>(post(all, { body })),
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
    mutationFn: (body: Grading) => told<Review>(post(`${one}/grades`, { params: { path: { id } }, body })),
    onSuccess: (review) => {
      client.setQueryData(keyOf(id), review)
      onDone()
    },
  })
}
