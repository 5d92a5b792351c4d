import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useText } from '../shared/i18n'
import { type Page, usePages } from '../shared/PageTable'
import { calls } from './http'
import type { Breach, NewProblem, Problem, ProblemPage, ProblemStep, SubjectKind } from './types'

export interface ListQuery {
  org?: string
  state?: string
  owner?: string
  kind?: string
  late?: 'true'
  q?: string
  review?: string
}

export function useList(query: ListQuery) {
  return usePages<Problem, Page<Problem>>(['problems', 'list', query], (cursor, signal) =>
    calls.list({ ...query }, cursor, signal),
  )
}

const keyOf = (id: string) => ['problems', 'one', id]

export function useProblem(id: string) {
  return useQuery({ queryKey: keyOf(id), queryFn: ({ signal }) => calls.get(id, signal) })
}

/** useOwners gives who can own problems; whoever may not read the list goes without. */
export function useOwners(subject?: { kind: SubjectKind; id: string }) {
  const query = subject && subject.kind !== 'park' ? { kind: subject.kind, subject: subject.id } : {}
  return useQuery({
    queryKey: ['officers', 'owners', query],
    queryFn: async ({ signal }) => (await calls.people(query, signal)).items ?? [],
    staleTime: 60_000,
    retry: false,
  })
}

export function useRules() {
  return useQuery({
    queryKey: ['problems', 'rules'],
    queryFn: ({ signal }) => calls.rules(signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useBreaches(query: { org?: string; state?: string }) {
  return usePages<Breach, Page<Breach>>(['promises', 'breaches', query], (cursor, signal) =>
    calls.breaches(query, cursor, signal),
  )
}

/** useSubjects finds what a problem can be about, by a part of its name. */
export function useSubjects(kind: SubjectKind, text: string, org: string | undefined) {
  const { lang } = useText()
  return useQuery({
    queryKey: ['problems', 'subjects', kind, text, org, lang],
    queryFn: ({ signal }) => calls.subjects(kind, text, org, lang, signal),
    placeholderData: keepPreviousData,
  })
}

function useKeep(onDone: (problem: ProblemPage) => void) {
  const client = useQueryClient()
  return (problem: ProblemPage) => {
    client.setQueryData(keyOf(problem.id), problem)
    client.invalidateQueries()
    onDone(problem)
  }
}

export function useOpen(onDone: (problem: ProblemPage) => void) {
  return useMutation({ mutationFn: (body: NewProblem) => calls.open(body), onSuccess: useKeep(onDone) })
}

/** useAct does one step; where somebody else was quicker, the problem is read again so that both can be seen. */
export function useAct(id: string, onDone: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (step: ProblemStep) => calls.act(id, step),
    onSuccess: useKeep(onDone),
    onError: () => client.invalidateQueries({ queryKey: keyOf(id) }),
  })
}
