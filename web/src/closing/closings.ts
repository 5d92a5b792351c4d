// What the pages ask of the server about closings.
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../shared/api'

export function useClosings() {
  return useQuery({
    queryKey: ['closings'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/closings', { signal })),
  })
}

export function useVintage(period: string, no: number) {
  return useQuery({
    queryKey: ['closings', period, no],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/closings/{period}/{no}', { params: { path: { period, no } }, signal })),
  })
}

export interface Question {
  from: number
  /** 0 is the ledger as it stands. */
  to: number
  indicator: string
  org: string
  span: 'month' | 'year'
}

export function useBridge(period: string, query: Question, enabled: boolean) {
  return useQuery({
    queryKey: ['closings', period, 'bridge', query],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/closings/{period}/bridge', { params: { path: { period }, query }, signal })),
    enabled,
  })
}

export const close = (body: { period: string; reason: string }) => ask(api.POST('/api/v1/closings', { body }))

export const verify = (period: string, no: number) =>
  ask(api.GET('/api/v1/closings/{period}/{no}/verify', { params: { path: { period, no } } }))

export const bundleAddress = (period: string, no: number) =>
  `/api/v1/closings/${encodeURIComponent(period)}/${no}/bundle`
