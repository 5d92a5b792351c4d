// Time as a line: days since 1970 and the pixels of a zoom. Dates are texts: "2024", "2024-06", "2024-06-30".
const dayMs = 86_400_000

/** Span is the days, both ends included, in which a date lies that may be known in part. */
export interface Span {
  from: number
  to: number
}

const shape = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/

/** spanOf reads a date; null where nothing is known. */
export function spanOf(text: string | null | undefined): Span | null {
  const [, year, month = '00', date = '00'] = shape.exec(text ?? '') ?? []
  if (!year || year === '0000') return null
  const [y, m, d] = [Number(year), Number(month), Number(date)]
  if (m === 0) return { from: dayNumber(y, 1, 1), to: dayNumber(y, 12, 31) }
  if (d === 0) return { from: dayNumber(y, m, 1), to: dayNumber(y, m + 1, 0) }
  return { from: dayNumber(y, m, d), to: dayNumber(y, m, d) }
}

function dayNumber(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / dayMs
}

/** middleOf is where a date is drawn: the middle of the days that it may be. */
export function middleOf(text: string | null | undefined): number | null {
  const span = spanOf(text)
  return span && Math.floor((span.from + span.to) / 2)
}

/** daysBetween counts the days from a to b; null unless both days are known. */
export function daysBetween(a: string, b: string): number | null {
  const [from, to] = [spanOf(a), spanOf(b)]
  if (!from || !to || from.from !== from.to || to.from !== to.to) return null
  return to.from - from.from
}

/** dateOf writes a day number as "2024-06-30". */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

export const zooms = ['month', 'quarter', 'year'] as const
export type Zoom = (typeof zooms)[number]

/** How many pixels a day is wide. */
export const pixels: Record<Zoom, number> = { month: 2.6, quarter: 0.95, year: 0.3 }

export interface Tick {
  /** Day number. */
  at: number
  /** "2024" at the beginning of a year, "2024-07" or "2024-Q3" in between. */
  period: string
  /** Begins a year. */
  major: boolean
}

const every: Record<Zoom, number> = { month: 1, quarter: 3, year: 12 }

/** ticksOf lists the beginnings of months, quarters or years from the first of the year of `from` to `to`. */
export function ticksOf(from: number, to: number, zoom: Zoom): Tick[] {
  const out: Tick[] = []
  const year = Number(dateOf(from).slice(0, 4))
  for (let month = 0; ; month += every[zoom]) {
    const at = dayNumber(year, month + 1, 1)
    if (at > to) return out
    if (at < from) continue
    const text = dateOf(at)
    const major = text.slice(5, 7) === '01'
    const period = major
      ? text.slice(0, 4)
      : zoom === 'quarter'
        ? `${text.slice(0, 4)}-Q${Math.ceil(Number(text.slice(5, 7)) / 3)}`
        : text.slice(0, 7)
    out.push({ at, period, major })
  }
}

/** frameOf gives the years that hold the days: from a 1 January to a 31 December. */
export function frameOf(days: readonly number[]): Span | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const day of days) {
    if (day < low) low = day
    if (day > high) high = day
  }
  if (low > high) return null
  const year = (day: number) => Number(dateOf(day).slice(0, 4))
  return { from: dayNumber(year(low), 1, 1), to: dayNumber(year(high), 12, 31) }
}
