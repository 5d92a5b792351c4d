// What the cockpit shows is written in the URL: the indicator, the place, the time, and the drawer that is open.
import { useSearch } from '@tanstack/react-router'
import type { Lang } from '../shared/format'
import { nameIn } from '../shared/i18n'
import { yearOf } from '../shared/period'
import type { Indicator } from '../shared/types'
import { useScope, useSetSearch } from '../shell/scope'
import type { By, Cut } from './queries'

/** Cell names one number on the screen: the whole, or one group of a panel. */
export type Cell = { by: By; group: string } | 'total'

export function writeCell(cell: Cell): string {
  return cell === 'total' ? cell : `${cell.by}:${cell.group}`
}

export function readCell(text: string | undefined): Cell | null {
  if (text === 'total') return text
  const match = /^(org|park|industry|month):(.*)$/.exec(text ?? '')
  return match?.[1] ? { by: match[1] as By, group: match[2] ?? '' } : null
}

export function useView(indicators: Indicator[]) {
  const scope = useScope()
  const { ind, industry, rows } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const indicator = indicators.find(({ code }) => code === ind) ?? indicators[0]
  const place = { org: scope.org, park: scope.park, industry, period: scope.period }
  return {
    indicator,
    place,
    /** The cut of the trend is always a whole year, so that a month has its neighbours. */
    year: yearOf(scope.period),
    cell: readCell(rows),
    open: (cell: Cell, code?: string) =>
      setSearch({ ind: code ?? indicator?.code, rows: writeCell(cell), part: undefined }),
    close: () => setSearch({ rows: undefined, part: undefined }),
    pick: (code: string) => setSearch({ ind: code, rows: undefined }),
    narrow: (change: { org?: string; park?: string; industry?: string }) =>
      setSearch({ ...change, rows: undefined }),
  }
}

export type View = ReturnType<typeof useView>

/** cutOf gives the question behind a cell. */
export function cutOf(view: Pick<View, 'place' | 'year'>, indicator: string, by?: By): Cut {
  return { indicator, ...view.place, by, ...(by === 'month' ? { period: view.year } : {}) }
}

export function indicatorName(indicator: Indicator, lang: Lang): string {
  return nameIn(lang, indicator.name, indicator.name_en)
}

/** unitWord is the word for a countable unit; English does without where the name of the indicator says it. */
export function unitWord(indicator: Indicator, lang: Lang): string {
  return lang === 'en' ? indicator.unit_name_en : indicator.unit_name
}
