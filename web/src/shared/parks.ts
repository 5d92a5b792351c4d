import { useQuery } from '@tanstack/react-query'
import { api, ask } from './api'

/** useParks gives the parks at and below a unit, or all that the user may see: for lists to choose from. */
export function useParks(org?: string, enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['parks', 'names', org],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/parks', { params: { query: { org, limit: 500 } }, signal }))).items ?? [],
    staleTime: 5 * 60_000,
  })
}
