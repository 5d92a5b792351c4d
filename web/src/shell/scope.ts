// The scope of the screen: which place and which period. Both live in the URL and are kept from page to page.

import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMe } from '../session/session'
import { api, ask } from '../shared/api'
import { isPeriod } from '../shared/period'
import type { Org } from '../shared/types'

export interface Scope {
  /** Unknown for the people of an enterprise: they have no place in the tree, only their own rows. */
  org?: string
  park?: string
  period: string
}

export function useScope(): Scope {
  const me = useMe()
  const { org, park, period } = useSearch({ strict: false })
  return {
    org: org ?? me.org?.id ?? (me.enterprise ? undefined : me.city.id),
    park,
    period: isPeriod(period) ? period : me.default_period,
  }
}

/** useSetSearch changes some search parameters of the page on screen; undefined removes one. */
export function useSetSearch() {
  const navigate = useNavigate()
  return (change: Record<string, string | undefined>, replace = false) =>
    navigate({
      to: '.',
      search: (old: Record<string, string | undefined>) => ({ ...old, ...change }),
      replace,
      resetScroll: false,
    })
}

/** useOrgs gives every reporting unit that the user may see. */
export function useOrgs(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ['orgs'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/orgs', { signal }))).items ?? [],
    staleTime: 10 * 60_000,
  })
}

/** lineage gives the units from the top one down to id. */
export function lineage(orgs: Org[], id: string | undefined): Org[] {
  const byID = new Map(orgs.map((org) => [org.id, org]))
  const line: Org[] = []
  for (let org = byID.get(id ?? ''); org && !line.includes(org); org = byID.get(org.parent ?? ''))
    line.unshift(org)
  return line
}
