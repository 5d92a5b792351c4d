// Where the promises of one measure stand on a chart: a step line of what was promised, columns of what was filed, year by year.
import { measures, type PromiseRow } from './types'

/** Series is what was promised of one measure in one way, by one contract or rule. */
export interface Series {
  key: string
  first: PromiseRow
  rows: PromiseRow[]
}

/** seriesOf groups rows by who asks for what: the contract's own first, then the rules', each in the order of the measures. */
export function seriesOf(rows: readonly PromiseRow[]): Series[] {
  const out = new Map<string, Series>()
  for (const row of rows) {
    const key = [row.origin, row.line, row.measure, row.basis].join('/')
    const known = out.get(key)
    if (known) known.rows.push(row)
    else out.set(key, { key, first: row, rows: [row] })
  }
  const place = ({ first }: Series) =>
    (first.origin === 'contract' ? 0 : measures.length) + measures.indexOf(first.measure)
  return [...out.values()].sort((a, b) => place(a) - place(b))
}

export interface Box {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

export interface RampYear {
  row: PromiseRow
  /** Middle of the year. */
  x: number
  /** The promised level; null where it is not known. */
  promised: { x1: number; x2: number; y: number } | null
  /** The column of what was filed; partial where months are missing, so that it is only a lower bound. */
  actual: { x: number; y: number; width: number; height: number; partial: boolean } | null
}

export interface Ramp {
  years: RampYear[]
  /** The step line of what was promised, as the path of an SVG; a year that is not known interrupts it. */
  path: string
  /** The highest value of the axis; 0 where nothing is known. */
  top: number
  ticks: { value: number; y: number }[]
}

const columnShare = 0.5 // of a year's width

/** rampOf places the rows of one series in a box. */
export function rampOf(rows: readonly PromiseRow[], box: Box): Ramp {
  const most = Math.max(0, ...rows.flatMap(({ promised, actual }) => [promised ?? 0, actual ?? 0]))
  const top = niceTop(most)
  const span = box.height - box.top - box.bottom
  const y = (value: number) => box.height - box.bottom - (top === 0 ? 0 : (value / top) * span)
  const step = (box.width - box.left - box.right) / Math.max(1, rows.length)
  const years = rows.map((row, at): RampYear => {
    const x1 = box.left + at * step
    const x = x1 + step / 2
    return {
      row,
      x,
      promised: row.promised === null ? null : { x1, x2: x1 + step, y: y(row.promised) },
      actual:
        row.actual === null
          ? null
          : {
              x: x - (step * columnShare) / 2,
              y: y(row.actual),
              width: step * columnShare,
              height: y(0) - y(row.actual),
              partial: row.months_known < row.months_asked,
            },
    }
  })
  const ticks = top === 0 ? [] : [0, top / 2, top].map((value) => ({ value, y: y(value) }))
  return { years, path: pathOf(years), top, ticks }
}

function pathOf(years: readonly RampYear[]): string {
  let path = ''
  let drawn = false
  for (const { promised } of years) {
    if (promised) {
      const { x1, x2, y } = promised
      path += `${drawn ? 'L' : 'M'}${round(x1)} ${round(y)}L${round(x2)} ${round(y)}`
    }
    drawn = promised !== null
  }
  return path
}

const round = (value: number) => Math.round(value * 100) / 100

/** niceTop is the least of 1, 2, 2.5, 5 times a power of ten that holds a value. */
export function niceTop(value: number): number {
  if (value <= 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 2, 2.5, 5, 10].find((known) => known * power >= value * (1 - 1e-9)) ?? 10
  return factor * power
}
