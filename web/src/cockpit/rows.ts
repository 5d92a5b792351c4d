// The question behind a cell's rows.
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../shared/api'
import { usePages } from '../shared/PageTable'
import type { Rows } from '../shared/types'
import type { Cut } from './queries'
import type { Cell } from './view'

export type Part = 'numerator' | 'denominator'

export interface Drill {
  cut: Cut
  cell: Cell
  /** Of a ratio only. */
  part?: Part
}

function params({ cut, cell, part }: Drill) {
  return { ...cut, group: cell === 'total' ? undefined : cell.group, part }
}

/** useSum asks for count and sum of all rows of a cell, which every page of them carries. */
export function useSum(drill: Drill) {
  const query = { ...params(drill), limit: 1 }
  return useQuery({
    queryKey: ['rows', 'sum', query],
    queryFn: ({ signal }): Promise<Rows> =>
      ask(api.GET('/api/v1/readings/rows', { params: { query }, signal })),
  })
}

/** useRows reads the rows of a cell page by page. */
export function useRows(drill: Drill) {
  const query = params(drill)
  return usePages(['rows', query], (cursor, signal) =>
    ask(
      api.GET('/api/v1/readings/rows', {
        params: { query: { ...query, cursor: cursor || undefined, limit: 50 } },
        signal,
      }),
    ),
  )
}
