import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { calls, type FilingQuery } from './http'
import type { Filing, Ref } from './types'

/** address is a filing as text: its key in caches, drafts and the page's address. */
export function address({ form, kind, subject, period }: Ref): string {
  return [form, kind, subject, period].join('/')
}

export function useTasks(period: string | undefined) {
  return useQuery({
    queryKey: ['tasks', period],
    queryFn: ({ signal }) => calls.tasks(period, signal),
    placeholderData: keepPreviousData,
  })
}

export function useProgress(period: string | undefined) {
  return useQuery({
    queryKey: ['progress', period],
    enabled: period !== undefined,
    queryFn: ({ signal }) => calls.progress(period ?? '', signal),
    placeholderData: keepPreviousData,
  })
}

export function useForms() {
  return useQuery({
    queryKey: ['forms'],
    queryFn: async ({ signal }) => (await calls.forms(signal)).items ?? [],
    staleTime: 10 * 60_000,
  })
}

/** useForm gives the form in the version that is in force for a period; "-" and nothing ask for the newest. */
export function useForm(code: string | undefined, period?: string) {
  const at = period === '-' || !period ? undefined : period
  return useQuery({
    enabled: code !== undefined,
    queryKey: ['form', code, at],
    queryFn: ({ signal }) => calls.form(code ?? '', at, signal),
    staleTime: 10 * 60_000,
  })
}

/** mostRecords is how many rows of a list form the entry sheet takes in; longer lists go by file. */
export const mostRecords = 5000

/** readFiling reads a filing with its records, page by page. next stays set when there are more than the sheet takes. */
async function readFiling(ref: Ref, signal: AbortSignal): Promise<Filing> {
  const whole = await calls.filing(ref, undefined, signal)
  let records = whole.records ?? []
  let next = whole.next
  while (next && records.length < mostRecords) {
    const page = await calls.filing(ref, next, signal)
    if (page.version !== whole.version) return readFiling(ref, signal) // somebody saved in between: begin anew
    records = records.concat(page.records ?? [])
    next = page.next
  }
  return { ...whole, records, next }
}

export function filingQuery(ref: Ref) {
  return {
    queryKey: ['filing', address(ref)],
    queryFn: ({ signal }: { signal: AbortSignal }) => readFiling(ref, signal),
  }
}

export function useFiling(ref: Ref) {
  return useQuery(filingQuery(ref))
}

export function useFilings(query: FilingQuery, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['filings', query],
    queryFn: ({ signal }) => calls.filings(query, signal),
  })
}

/** useRefresh asks again for everything that a change of a filing may show in. */
export function useRefresh() {
  const client = useQueryClient()
  return () => {
    for (const key of ['tasks', 'progress', 'filings', 'diff', 'origins'])
      client.invalidateQueries({ queryKey: [key] })
  }
}

/** useFilingChange runs a write that answers with the filing as it is now, and shows that. */
export function useFilingChange<Input>(ref: Ref, write: (input: Input) => Promise<Filing>) {
  const client = useQueryClient()
  const refresh = useRefresh()
  return useMutation({
    mutationFn: write,
    onSuccess: async (filing) => {
      // A long list is answered with its first page only: then it is read again.
      if (filing.next) await client.invalidateQueries({ queryKey: ['filing', address(ref)] })
      else client.setQueryData(['filing', address(ref)], filing)
      refresh()
    },
  })
}
