import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useMe } from '../session/session'
import { calls } from './http'
import type { Filter, Lane, SubjectKind } from './types'

const day = 24 * 60 * 60_000

export function useLifecycles(enabled: boolean) {
  return useQuery({
    enabled,
    queryKey: ['pipeline', 'lifecycles'],
    queryFn: async ({ signal }) => (await calls.lifecycles(signal)).items ?? [],
    staleTime: day,
  })
}

/** useStages gives the stages of a lifecycle in their order. */
export function useStages(code: string) {
  return useQuery({
    queryKey: ['pipeline', 'stages', code],
    queryFn: async ({ signal }) => (await calls.stages(code, signal)).stages ?? [],
    staleTime: day,
  })
}

/** useOfficers gives who can be an officer; whoever may not read the list filters without it. */
export function useOfficers() {
  return useQuery({
    queryKey: ['officers'],
    queryFn: async ({ signal }) => (await calls.officers(signal)).items ?? [],
    staleTime: 10 * 60_000,
    retry: false,
  })
}

/** useOfficerName writes an officer's name where it is known, else the account's. */
export function useOfficerName(): (username: string) => string {
  const officers = useOfficers().data
  return (username) => officers?.find((known) => known.username === username)?.name || username
}

export function useKanban(filter: Filter) {
  return useQuery({
    queryKey: ['pipeline', 'kanban', filter],
    queryFn: ({ signal }) => calls.kanban(filter, signal),
    placeholderData: keepPreviousData,
  })
}

/** useLater reads the cards of a lane that did not come with the board, when asked to. */
export function useLater(filter: Filter, lane: Lane) {
  return useInfiniteQuery({
    queryKey: ['pipeline', 'cards', filter, lane.stage, lane.next],
    enabled: false,
    initialPageParam: lane.next,
    queryFn: ({ pageParam, signal }) => calls.cards({ ...filter, stage: lane.stage }, pageParam, signal),
    getNextPageParam: (last) => last.next || undefined,
  })
}

/** useGantt reads all rows, a thousand at a time, each page as soon as the one before is there. */
export function useGantt(filter: Filter) {
  const query = useInfiniteQuery({
    queryKey: ['pipeline', 'gantt', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => calls.gantt(filter, pageParam, signal),
    getNextPageParam: (last) => last.next || undefined,
  })
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage])
  return query
}

export function useTrack(kind: SubjectKind, id: string) {
  return useQuery({
    queryKey: ['track', kind, id],
    queryFn: ({ signal }) => calls.track(kind, id, signal),
    staleTime: 0,
    gcTime: 0,
  })
}

export function useEvidence(kind: SubjectKind, id: string) {
  return useQuery({
    queryKey: ['evidence', kind, id],
    queryFn: async ({ signal }) => (await calls.evidence(kind, id, signal)).items ?? [],
    staleTime: 0,
  })
}

/** useRefresh asks again for everything that a step may show in. */
export function useRefresh() {
  const client = useQueryClient()
  return () => {
    client.removeQueries({ queryKey: ['pipeline', 'cards'] })
    return client.invalidateQueries()
  }
}

/** useMoves says whether the user may state days of stages at all; the server decides for each subject. */
export function useMoves(): boolean {
  return useMe().actions?.includes('milestone.edit') ?? false
}
