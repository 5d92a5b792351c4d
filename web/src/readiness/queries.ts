import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { usePages } from '../shared/PageTable'
import { type BoardQuery, calls } from './http'
import type { Board, Detail, ReadinessItem } from './types'

export function useBoard(query: BoardQuery) {
  return usePages<ReadinessItem, Board>(['readiness', 'board', query], (cursor, signal) =>
    calls.board(query, cursor, signal),
  )
}

/** useSummary gives what decides the year, whichever verdict the list is limited to. */
export function useSummary(query: Omit<BoardQuery, 'verdict'>) {
  return useQuery({
    queryKey: ['readiness', 'summary', query],
    queryFn: ({ signal }) => calls.board(query, '', signal, 1),
    placeholderData: keepPreviousData,
  })
}

const keyOf = (enterprise: string) => ['readiness', 'enterprise', enterprise]

export function useDetail(enterprise: string) {
  return useQuery({
    queryKey: keyOf(enterprise),
    queryFn: ({ signal }) => calls.detail(enterprise, signal),
  })
}

/** useEvidence gives the evidence that a material can rest on; whoever may not read it goes without. */
export function useEvidence(enterprise: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['readiness', 'evidence', enterprise],
    queryFn: ({ signal }) => calls.evidence(enterprise, signal),
    retry: false,
  })
}

/** useSaveOf runs a write about an enterprise, shows what it answers at once, and asks again for everything else. */
export function useSaveOf<Body>(
  enterprise: string,
  write: (body: Body) => Promise<Detail>,
  onDone: () => void,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: (detail) => {
      client.setQueryData(keyOf(enterprise), detail)
      client.invalidateQueries()
      onDone()
    },
  })
}
