import { useMutation } from '@tanstack/react-query'
import { api, ask, type Schema, type Sent } from '../shared/api'

/** useUserChange makes one change to an account as the screen saw it. */
export function useUserChange(user: Pick<Schema<'User'>, 'id' | 'version'>, onDone: () => void) {
  return useMutation({
    mutationFn: (body: Sent<'/api/v1/users/{id}', 'patch'>) =>
      ask(
        api.PATCH('/api/v1/users/{id}', {
          params: { path: { id: user.id }, header: { 'If-Match': `"${user.version}"` } },
          body,
        }),
      ),
    onSuccess: onDone,
  })
}
