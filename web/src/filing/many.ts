// Several filings of one form in one sheet: each row is a filing of its own, loaded when it comes in sight and saved alone.
import type { Filing } from './types'

/** inTurn runs work on every item, a few at a time, in order; one that fails does not stop the others. */
export async function inTurn<Item>(items: Item[], atOnce: number, work: (item: Item) => Promise<void>) {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
}

/** ready reports whether a filing can be sent off as it is: nothing wrong, every warning answered. */
export function ready(filing: Filing): boolean {
  if (!filing.can?.includes('submit')) return false
  return (filing.verdicts ?? []).every(
    ({ severity, answer }) => severity === 'note' || (severity === 'warning' && answer !== undefined),
  )
}

/** troubles counts what keeps a filing from being sent off. */
export function troubles(filing: Filing): { errors: number; warnings: number } {
  const verdicts = filing.verdicts ?? []
  return {
    errors: verdicts.filter(({ severity }) => severity === 'error').length,
    warnings: verdicts.filter(({ severity, answer }) => severity === 'warning' && !answer).length,
  }
}
