// Where the bars and diamonds of a Gantt row lie, and which rows are in view.
import { dateOf, daysBetween, frameOf, middleOf, type Span, spanOf } from './scale'
import type { GanttRow, Mark } from './types'

/** Diamond is one stage of a row: entered, planned, or planned for a day that has passed. */
export interface Diamond {
  stage: number
  at: number
  state: 'entered' | 'planned' | 'late'
  way: string
}

export interface Bars {
  /** From the first to the last day that the very first plan named. */
  first: Span | null
  planned: Span | null
  /** From the first day entered to the last one, or to today while something is left to do. */
  actual: Span | null
  diamonds: Diamond[]
  /** Days by which the last stage with a first plan is behind it; unknown without exact days. */
  slip: number | null
}

function hull(texts: string[]): Span | null {
  const spans = texts.map(spanOf).filter((span) => span !== null)
  if (spans.length === 0) return null
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) }
}

/** slipOf compares the last stage that has a first plan with its day, else with its latest plan. */
export function slipOf(marks: readonly Mark[]): number | null {
  const last = marks.filter(([, first, planned, day]) => first && (day || planned)).at(-1)
  return last ? daysBetween(last[1], last[3] || last[2]) : null
}

/** barsOf lays out a row. today is a day number. */
export function barsOf(marks: readonly Mark[], today: number): Bars {
  const open = marks.some(([, , planned, day]) => planned && !day)
  const entered = hull(marks.map(([, , , day]) => day))
  const diamonds = marks.flatMap(([stage, , planned, day, way]): Diamond[] => {
    const at = middleOf(day || planned)
    if (at === null) return []
    if (day) return [{ stage, at, state: 'entered', way }]
    return [{ stage, at, state: (spanOf(planned)?.to ?? at) < today ? 'late' : 'planned', way }]
  })
  return {
    first: hull(marks.map(([, first]) => first)),
    planned: hull(marks.map(([, , planned]) => planned)),
    actual: entered && { from: entered.from, to: open ? Math.max(entered.to, today) : entered.to },
    diamonds,
    slip: slipOf(marks),
  }
}

/** endOf is the last day that a row draws; null where it draws nothing. */
export function endOf({ first, planned, actual }: Bars): number | null {
  const ends = [first, planned, actual].filter((span) => span !== null).map(({ to }) => to)
  return ends.length > 0 ? Math.max(...ends) : null
}

/** extentOf gives the years that hold every date of the rows and today. Dates compare as texts: thousands of rows are quick. */
export function extentOf(rows: readonly GanttRow[], today: number): Span {
  let low = dateOf(today)
  let high = low
  for (const { marks } of rows)
    for (const mark of marks ?? [])
      for (const text of [mark[1], mark[2], mark[3]]) {
        if (!text || text.startsWith('0000')) continue
        if (text < low) low = text
        if (text > high) high = text
      }
  const days = [middleOf(low), middleOf(high)].filter((day) => day !== null)
  return frameOf(days) ?? { from: today, to: today }
}

/** windowOf gives the rows to draw, first and after the last: those in view and a few around them. */
export function windowOf(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): [number, number] {
  const around = 6
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - around)
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + around)
  return [Math.min(first, count), Math.max(last, 0)]
}

/** Move is where a key takes the row that the reader is at. null: the key is not for the chart. */
export function rowAfter(key: string, at: number, count: number, page: number): number | null {
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  }[key]
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to))
}

/** sheetsOf cuts the rows into printed pages. */
export function sheetsOf<Row>(rows: readonly Row[], perSheet: number): Row[][] {
  const out: Row[][] = []
  for (let at = 0; at < rows.length; at += perSheet) out.push(rows.slice(at, at + perSheet))
  return out
}
