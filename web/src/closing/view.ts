// What of a vintage is on screen. All of it lives in the address.
import type { Closing, Vintage } from './types'

export interface VintageView {
  span: 'month' | 'year'
  org: string
  indicator: string
  pair: Pair
  asTable: boolean
}

/** Pair is what a bridge compares; 0 is the ledger as it stands. */
export interface Pair {
  from: number
  to: number
}

export interface VintageSearch {
  span?: string
  place?: string
  ind?: string
  pair?: string
  view?: string
}

/** pairsOf lists the comparisons that a vintage offers: from each earlier one, to each later one, to the ledger as it stands. */
export function pairsOf(no: number, siblings: Pick<Closing, 'no'>[]): Pair[] {
  const others = siblings.map((one) => one.no).sort((one, other) => other - one)
  return [
    ...others.filter((other) => other < no).map((from) => ({ from, to: no })),
    ...others.filter((other) => other > no).map((to) => ({ from: no, to })),
    { from: no, to: 0 },
  ]
}

export const pairText = ({ from, to }: Pair) => `${from}-${to}`

/** viewOf reads the address; what it does not say, or says wrongly, is the first that there is. */
export function viewOf(
  vintage: Vintage,
  siblings: Pick<Closing, 'no'>[],
  search: VintageSearch,
): VintageView {
  const orgs = vintage.report.orgs ?? []
  const indicators = vintage.report.indicators ?? []
  const pairs = pairsOf(vintage.no, siblings)
  return {
    span: search.span === 'month' ? 'month' : 'year',
    org: (orgs.find(({ id }) => id === search.place) ?? orgs[0])?.id ?? '',
    indicator: (indicators.find(({ code }) => code === search.ind) ?? indicators[0])?.code ?? '',
    pair: pairs.find((pair) => pairText(pair) === search.pair) ?? pairs[0] ?? { from: vintage.no, to: 0 },
    asTable: search.view === 'table',
  }
}
