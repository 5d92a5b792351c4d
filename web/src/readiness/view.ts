// How readiness is told on screen, without a screen.
import type { GlyphName } from '../shared/Glyph'
import type { Judgement } from '../shared/Verdict'
import {
  type Detail,
  type Fact,
  type FactWord,
  factWords,
  type Month,
  type NewFact,
  type Summary,
  type VerdictName,
  verdicts,
  type Window,
} from './types'

/** Only what is decided is judged; the others have a shape of their own and no colour. */
export const judgements: Partial<Record<VerdictName, Judgement>> = {
  ready: 'good',
  in_list: 'good',
  preparing: 'fair',
  misses: 'bad',
}

export const glyphs: Record<VerdictName, GlyphName> = {
  ready: 'check',
  in_list: 'star',
  preparing: 'near',
  misses: 'broken',
  below: 'down',
  waiting: 'more',
  licence: 'form',
  unknown: 'search',
  no_sector: 'empty',
}

export interface Tile {
  verdict: VerdictName
  count: number
}

/** tilesOf gives the verdicts with their counts; those that decide nothing are left out where nobody has them. */
export function tilesOf(summary: Summary): Tile[] {
  const always: VerdictName[] = ['ready', 'preparing', 'misses', 'below', 'waiting', 'in_list']
  return verdicts
    .map((verdict) => ({ verdict, count: summary[verdict] }))
    .filter(({ verdict, count }) => count > 0 || always.includes(verdict))
}

/** openWindows are those that still take material, the next one first. */
export function openWindows(windows: readonly Window[] | null): Window[] {
  return (windows ?? [])
    .filter(({ days_left }) => days_left !== null)
    .sort((a, b) => a.closes.localeCompare(b.closes))
}

/** Bar is revenue against the threshold; width is a share of the bar's length, null where nothing is known. */
export interface Bar {
  width: number | null
  share: number | null
  reached: boolean
}

export function barOf(rolling: number | null, threshold: number | null): Bar {
  if (rolling === null || !threshold) return { width: null, share: null, reached: false }
  const share = rolling / threshold
  return { width: Math.min(Math.max(share, 0), 1), share, reached: share >= 1 }
}

/** gapsOf counts the months that the window asks for and of which revenue or output is missing. */
export function gapsOf(months: readonly Month[]): number {
  return months.filter(({ counts, revenue, output }) => counts && (revenue === null || output === null))
    .length
}

/** shownMonths are the latest months first: the last twelve with all that count, or everything. */
export function shownMonths(months: readonly Month[] | null, all: boolean): Month[] {
  const newest = [...(months ?? [])].reverse()
  if (all) return newest
  const last = newest.findLastIndex(({ counts }) => counts)
  return newest.slice(0, Math.max(12, last + 1))
}

/** FactGroup is one word with what stands and everything that was recorded of it, the latest first. */
export interface FactGroup {
  word: FactWord
  stands: Fact | undefined
  all: Fact[]
}

/** factGroups gives every word, also those of which nothing is recorded: none may be read out of another. */
export function factGroups(facts: Detail['facts']): FactGroup[] {
  return factWords.map((word) => {
    const all = (facts ?? []).filter(({ fact }) => fact === word).sort((a, b) => b.seq - a.seq)
    return { word, stands: all.find(({ state }) => state === 'counts'), all }
  })
}

export const ofMonth = (word: FactWord) => word === 'accepted' || word === 'listed' || word === 'delisted'
export const ofYear = (word: FactWord) => word === 'base' || word === 'last_year'

/** FactEntry is what the form holds. */
export interface FactEntry {
  fact: FactWord
  day: string
  month?: string
  year?: string
  /** In 万元. */
  amount?: string
  source: string
}

/** factOf gives what the form sends: only what belongs to its word, amounts in yuan. */
export function factOf(entry: FactEntry): NewFact {
  const { fact, day, source } = entry
  const common = { fact, day: day.trim(), source: source.trim() }
  if (ofMonth(fact)) return { ...common, month: entry.month?.trim() }
  if (!ofYear(fact)) return common
  const year = entry.year?.trim()
  return { ...common, month: year ? `${year}-01` : undefined, value: yuanOf(entry.amount ?? '') }
}

/** yuanOf turns an amount in 万元 into yuan, to the cent. */
export function yuanOf(amount: string): number {
  return Math.round(Number(amount.replaceAll(',', '')) * 1_000_000) / 100
}
