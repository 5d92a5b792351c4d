// Periods as the API writes them: "2024", "2024-Q2", "2024-06". Months sort as text.

export type Grain = 'year' | 'quarter' | 'month'

const shape = /^(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$/

export function isPeriod(text: unknown): text is string {
  return typeof text === 'string' && shape.test(text)
}

export function grainOf(period: string): Grain {
  if (period.includes('Q')) return 'quarter'
  return period.length === 4 ? 'year' : 'month'
}

export function yearOf(period: string): string {
  return period.slice(0, 4)
}

/** lastMonthOf gives the last month inside a period. */
export function lastMonthOf(period: string): string {
  const grain = grainOf(period)
  if (grain === 'month') return period
  const month = grain === 'year' ? 12 : Number(period.slice(-1)) * 3
  return `${yearOf(period)}-${String(month).padStart(2, '0')}`
}

/** toGrain turns a period into the one of another grain that ends with it, inside first…last (months). */
export function toGrain(period: string, grain: Grain, first: string, last: string): string {
  const end = lastMonthOf(period)
  const month = end > last ? last : end < first ? first : end
  return monthTo(month, grain)
}

/** monthTo gives the year, quarter or month in which a month lies. */
export function monthTo(month: string, grain: Grain): string {
  if (grain === 'year') return yearOf(month)
  if (grain === 'month') return month
  return `${yearOf(month)}-Q${Math.ceil(Number(month.slice(5)) / 3)}`
}

/** periodsBetween lists every period of a grain that touches first…last (months), newest first. */
export function periodsBetween(first: string, last: string, grain: Grain): string[] {
  const out: string[] = []
  for (let month = last; month >= first; month = previousMonth(month)) {
    const period = monthTo(month, grain)
    if (out.at(-1) !== period) out.push(period)
  }
  return out
}

/** monthsOf lists the twelve months of a year. */
export function monthsOf(year: string): string[] {
  return Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, '0')}`)
}

function previousMonth(month: string): string {
  const number = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 2
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`
}

/** yearBefore gives the same period one year earlier. */
export function yearBefore(period: string): string {
  return `${Number(yearOf(period)) - 1}${period.slice(4)}`
}
