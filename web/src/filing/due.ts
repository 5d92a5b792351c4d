// Days until something is due, as plain arithmetic on ISO days.

/** daysBetween counts days from one ISO day to another; negative when it has passed. */
export function daysBetween(from: string, to: string): number {
  return Math.round(
    (Date.parse(`${to.slice(0, 10)}T00:00:00Z`) - Date.parse(`${from.slice(0, 10)}T00:00:00Z`)) / 86_400_000,
  )
}

export type Due =
  | { key: 'task.opensOn'; count: number }
  | { key: 'task.dueIn'; count: number }
  | { key: 'task.dueToday'; count: number }
  | { key: 'task.lateBy'; count: number }
  | { key: 'task.lockedSince'; count: number }
  | { key: 'task.noDue'; count: number }

/** dueOf says in which of five ways today stands to a form's window. */
export function dueOf(today: string, window: { opens: string; due: string; locks: string }): Due {
  if (!window.due) return { key: 'task.noDue', count: 0 }
  if (window.opens && daysBetween(today, window.opens) > 0)
    return { key: 'task.opensOn', count: daysBetween(today, window.opens) }
  if (window.locks && daysBetween(today, window.locks) < 0)
    return { key: 'task.lockedSince', count: -daysBetween(today, window.locks) }
  const left = daysBetween(today, window.due)
  if (left === 0) return { key: 'task.dueToday', count: 0 }
  return left > 0 ? { key: 'task.dueIn', count: left } : { key: 'task.lateBy', count: -left }
}
