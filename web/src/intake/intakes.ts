// What the pages ask of the server about intakes and forms.
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask } from '../shared/api'
import type { Intake, Mapping } from './types'

/** busy says that a job of the server works on the intake. */
export function busy(intake: Pick<Intake, 'state'>): boolean {
  return intake.state === 'checking' || intake.state === 'committing'
}

/** useForms gives the forms that can be filed, in the order of the server. */
export function useForms() {
  return useQuery({
    queryKey: ['forms', 'heads'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/forms', { signal }))).items ?? [],
    staleTime: 5 * 60_000,
  })
}

// While a job runs the page also asks by itself, in case that the stream of its progress is held up on the way.
const intakeQuery = (id: string) =>
  queryOptions({
    queryKey: ['intake', id],
    queryFn: ({ signal }): Promise<Intake> =>
      ask(api.GET('/api/v1/intakes/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && busy(state.data) ? 5000 : false),
  })

export function useIntake(id: string) {
  return useQuery(intakeQuery(id))
}

/** Start is what a new intake is for; an empty form lets the server recognise its own template. */
export interface Start {
  file: File
  form?: string
  subject_kind?: string
  subject?: string
  period?: string
  org?: string
}

/** multipart carries a file as the body of a request; the types of the contract know it as text. */
function multipart(file: File) {
  const body = new FormData()
  body.append('file', file, file.name)
  return { body: body as never, bodySerializer: () => body }
}

export const begin = ({ file, ...query }: Start): Promise<Intake> =>
  ask(api.POST('/api/v1/intakes', { params: { query }, ...multipart(file) }))

export interface MappingSent {
  version: number
  mapping: Mapping | null
  layout?: { sheet: string; first: number; last: number }
  save: boolean
}

/** Deeds are what can be done with an intake; each answers with the intake as it is then. */
export const deeds = {
  map: (id: string, { version, mapping, ...body }: MappingSent) =>
    ask(
      api.PUT('/api/v1/intakes/{id}/mapping', {
        params: { path: { id }, header: { 'If-Match': `"${version}"` } },
        body: { ...body, mapping: mapping ?? undefined },
      }),
    ),
  mend: (id: string, file: File) =>
    ask(api.POST('/api/v1/intakes/{id}/files', { params: { path: { id } }, ...multipart(file) })),
  commit: (id: string, body: { only_good: boolean; submit: boolean; reason?: string }) =>
    ask(api.POST('/api/v1/intakes/{id}/commit', { params: { path: { id } }, body })),
  cancel: (id: string) => ask(api.POST('/api/v1/intakes/{id}/cancel', { params: { path: { id } } })),
  undo: (id: string, reason: string) =>
    ask(api.POST('/api/v1/intakes/{id}/undo', { params: { path: { id } }, body: { reason } })),
  discard: (id: string) => ask(api.DELETE('/api/v1/intakes/{id}', { params: { path: { id } } })),
}

/** useDeed runs a deed and puts its answer in the place of the intake on screen. */
export function useDeed<Input>(id: string, deed: (input: Input) => Promise<Intake>, onDone?: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: deed,
    onSuccess: (intake) => {
      client.setQueryData(intakeQuery(id).queryKey, intake)
      client.invalidateQueries({ queryKey: ['intakes'] })
      onDone?.()
    },
  })
}
