import type { EnterprisePage } from '../shared/types'

export type ReturnValue = NonNullable<EnterprisePage['returns']>[number]

/** Month is what an enterprise filed for one month, by field. */
export interface Month {
  month: string
  values: Map<string, ReturnValue>
}

/** byMonth turns single values into one row per month, oldest first. */
export function byMonth(returns: readonly ReturnValue[]): Month[] {
  const months = new Map<string, Month>()
  for (const value of returns) {
    const row = months.get(value.month) ?? { month: value.month, values: new Map() }
    row.values.set(value.field, value)
    months.set(value.month, row)
  }
  return [...months.values()].sort((a, b) => a.month.localeCompare(b.month))
}

/** fieldsOf lists the fields that were filed at all, output first. */
export function fieldsOf(months: readonly Month[]): string[] {
  const found = new Set(months.flatMap(({ values }) => [...values.keys()]))
  return [...found].sort((a, b) => Number(b === 'output') - Number(a === 'output') || a.localeCompare(b))
}
