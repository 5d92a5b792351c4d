import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Sent } from '../shared/api'

/** useSave runs a write and then asks again for everything that may show it. */
export function useSave<Body>(write: (body: Body) => Promise<unknown>, onDone: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: () => {
      for (const key of ['park', 'parks', 'reading', 'rows']) client.invalidateQueries({ queryKey: [key] })
      onDone()
    },
  })
}

export const recordFigure = (id: string) => (body: Sent<'/api/v1/parks/{id}/figures', 'post'>) =>
  ask(api.POST('/api/v1/parks/{id}/figures', { params: { path: { id } }, body }))

export const chooseFigure =
  (id: string, field: string) => (body: Sent<'/api/v1/parks/{id}/figures/{field}/choice', 'put'>) =>
    ask(api.PUT('/api/v1/parks/{id}/figures/{field}/choice', { params: { path: { id, field } }, body }))

export const editPark = (id: string, version: number) => (body: Sent<'/api/v1/parks/{id}', 'patch'>) =>
  ask(
    api.PATCH('/api/v1/parks/{id}', {
      params: { path: { id }, header: { 'If-Match': `"${version}"` } },
      body,
    }),
  )
