import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Problem } from '../problem/types'
import { type Page, usePages } from '../shared/PageTable'
import { calls } from './http'
import type { Ref } from './types'

export function useTrack(ref: Ref) {
  return useQuery({
    queryKey: ['track', ref.kind, ref.id],
    queryFn: ({ signal }) => calls.track(ref, signal),
  })
}

export function useEvidence(ref: Ref) {
  return useQuery({
    queryKey: ['evidence', ref.kind, ref.id],
    queryFn: async ({ signal }) => (await calls.evidence(ref, signal)).items ?? [],
  })
}

export function usePromises(ref: Ref) {
  return useQuery({
    queryKey: ['promises', ref.kind, ref.id],
    queryFn: ({ signal }) => calls.promises(ref, signal),
  })
}

export function useOfficer(ref: Ref) {
  return useQuery({
    queryKey: ['officer', ref.kind, ref.id],
    queryFn: ({ signal }) => calls.officer(ref, signal),
  })
}

/** usePeople gives who can answer for a subject. */
export function usePeople(ref: Ref, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['officers', ref.kind, ref.id],
    queryFn: async ({ signal }) => (await calls.people(ref, signal)).items ?? [],
  })
}

export function useProblems(ref: Ref) {
  return usePages<Problem, Page<Problem>>(['problems', ref.kind, ref.id], (cursor, signal) =>
    calls.problems(ref, cursor, signal),
  )
}

/** useSaveOf runs a write about a subject and then asks again for everything that may show it. */
export function useSaveOf<Body>(write: (body: Body) => Promise<unknown>, onDone: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: () => {
      client.invalidateQueries()
      onDone()
    },
  })
}
