// A bridge as a waterfall: from one vintage's value, step by step, to the other's.
import type { Bridge, StepKind } from './types'

/** Bar is one column of the waterfall: it reaches from start to end. */
export interface Bar {
  key: string
  label: string
  start: number
  end: number
  kind: StepKind | 'total' | 'rest'
}

interface Words {
  from: string
  to: string
  rest: string
  step: (kind: StepKind, name: string) => string
}

/** barsOf lists the columns from left to right; each step begins where the one before ended. */
export function barsOf(bridge: Bridge, words: Words): Bar[] {
  let level = bridge.from.value ?? 0
  const bars: Bar[] = [{ key: 'from', label: words.from, start: 0, end: level, kind: 'total' }]
  for (const [at, { kind, name, amount }] of (bridge.steps ?? []).entries()) {
    bars.push({ key: `${at}`, label: words.step(kind, name), start: level, end: level + amount, kind })
    level += amount
  }
  if (bridge.rest !== 0 || bridge.more > 0)
    bars.push({ key: 'rest', label: words.rest, start: level, end: level + bridge.rest, kind: 'rest' })
  bars.push({ key: 'to', label: words.to, start: 0, end: bridge.to.value ?? 0, kind: 'total' })
  return bars
}

/** shorten keeps the largest steps and puts the others into the rest, so that a chart can be read. */
export function shorten(bridge: Bridge, most: number): Bridge {
  const steps = bridge.steps ?? []
  if (steps.length <= most) return bridge
  const others = steps.slice(most)
  return {
    ...bridge,
    steps: steps.slice(0, most),
    more: bridge.more + others.length,
    rest: others.reduce((total, { amount }) => total + amount, bridge.rest),
  }
}

/** Pieces of a bar as stacked columns: an unseen foot, and the part above and the part below zero. */
export interface Pieces {
  foot: number
  above: number
  below: number
}

/** piecesOf cuts a bar so that stacking draws it, also where it crosses zero; floor is where the axis begins. */
export function piecesOf({ start, end }: Pick<Bar, 'start' | 'end'>, floor = 0): Pieces {
  const [low, high] = [Math.min(start, end), Math.max(start, end)]
  if (low >= 0) return { foot: Math.max(low, floor), above: high - Math.max(low, floor), below: 0 }
  if (high <= 0) return { foot: high, above: 0, below: low - high }
  return { foot: 0, above: high, below: low }
}

/** floorOf is where the axis begins: above zero when the steps would be too small to see beside the totals. */
export function floorOf(bars: Bar[]): number {
  const levels = bars.filter(({ kind }) => kind !== 'total').flatMap(({ start, end }) => [start, end])
  const totals = bars.filter(({ kind }) => kind === 'total').map(({ end }) => end)
  const low = Math.min(...levels, ...totals)
  const high = Math.max(...levels, ...totals)
  if (low <= 0 || high - low >= high / 3) return 0
  return low - (high - low || low)
}

/** sums reports whether the steps and the rest explain the difference, up to what adding binary fractions loses. */
export function sums({ from, to, steps, rest }: Bridge): boolean {
  const told = (steps ?? []).reduce((total, { amount }) => total + amount, 0) + rest
  const difference = (to.value ?? 0) - (from.value ?? 0)
  const scale = Math.max(1, Math.abs(from.value ?? 0), Math.abs(to.value ?? 0))
  return Math.abs(told - difference) <= scale * 1e-9
}
