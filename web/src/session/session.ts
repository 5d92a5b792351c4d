// Who is signed in. The session itself is an HttpOnly cookie that no script can read.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../shared/api'
import type { Me } from '../shared/types'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/me', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
})

/** useMe gives the signed-in user; only pages inside the shell may call it. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new Error('useMe outside of a session')
  return data
}

export function useLogin() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { username: string; password: string }) => ask(api.POST('/api/v1/session', { body })),
    onSuccess: (me) => {
      client.clear()
      client.setQueryData(meQuery.queryKey, me)
    },
  })
}

/** useLogout ends the session. The sign-in page is loaded anew: nothing that was read stays in the browser's memory. */
export function useLogout() {
  return useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/session')),
    onSuccess: () => globalThis.location.assign('/login'),
  })
}

export function useChangePassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => ask(api.POST('/api/v1/me/password', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  })
}
