import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../shared/api'
import type { Indicator, Reading } from '../shared/types'

export type By = 'org' | 'park' | 'industry' | 'month'

/** Cut is one question to the readings: which indicator, where, when, grouped by what. */
export interface Cut {
  indicator: string
  org?: string
  park?: string
  industry?: string
  period: string
  by?: By
}

export function useIndicators() {
  return useQuery({
    queryKey: ['indicators'],
    queryFn: async ({ signal }): Promise<Indicator[]> =>
      (await ask(api.GET('/api/v1/indicators', { signal }))).items ?? [],
    staleTime: 10 * 60_000,
  })
}

/** readingQuery asks for the reading of a cut; the answer to another place or time stands in while it loads. */
export function readingQuery(cut: Cut) {
  return {
    queryKey: ['reading', cut] as const,
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<Reading> =>
      ask(api.GET('/api/v1/readings', { params: { query: cut }, signal })),
    placeholderData: (before: Reading | undefined) =>
      before?.indicator === cut.indicator ? before : undefined,
  }
}

export function useReading(cut: Cut, enabled = true) {
  return useQuery({ ...readingQuery(cut), enabled })
}
