// How a frozen review is told on screen and on paper, without either.
import { type Lang, quantity } from '../shared/format'
import { nameIn } from '../shared/i18n'
import type { Body, Change, Grade, Row, Target } from './types'

/** StageNames finds what a stage was called when the review was frozen. */
export type StageNames = (lifecycle: string, stage: string) => string

/** stageNamesOf reads the names that were frozen; a stage without one is its code. */
export function stageNamesOf(body: Pick<Body, 'lifecycles'>, lang: Lang): StageNames {
  const names = new Map<string, string>()
  for (const { code, stages } of body.lifecycles ?? [])
    for (const stage of stages ?? [])
      names.set(`${code}/${stage.code}`, nameIn(lang, stage.name, stage.name_en))
  return (lifecycle, stage) => names.get(`${lifecycle}/${stage}`) ?? stage
}

/** urgency is how much a row needs to be talked about: 0 for those that go as planned. */
export function urgency({ light, late, problems, suspended }: Row): number {
  const lit = light === 'red' ? 8 : light === 'yellow' ? 4 : 0
  return lit + (late ? 3 : 0) + (problems > 0 ? 2 : 0) + (suspended ? 1 : 0)
}

/** Cut is a part of a list with how many are left out. */
export interface Cut<Item> {
  shown: Item[]
  more: number
}

/** urgent gives the rows that need to be talked about, the most urgent first, in the order given where they are alike. */
export function urgent<Item extends Row>(rows: readonly Item[] | null, limit: number): Cut<Item> {
  const list = (rows ?? []).filter((row) => urgency(row) > 0).sort((a, b) => urgency(b) - urgency(a))
  return cut(list, limit)
}

export function cut<Item>(list: readonly Item[], limit: number): Cut<Item> {
  return { shown: list.slice(0, limit), more: Math.max(0, list.length - limit) }
}

/** gradeOf is the grade that counts of a site, an office, or the whole (""). */
export function gradeOf(grades: readonly Grade[] | null, site: string): Grade | undefined {
  return grades?.find((grade) => grade.site === site && grade.counts)
}

/** earlierGrades are those that were replaced, the latest first. */
export function earlierGrades(grades: readonly Grade[] | null, site: string): Grade[] {
  return (grades ?? []).filter((grade) => grade.site === site && !grade.counts)
}

/** amount writes a value of a review in the unit that it was frozen in. */
export function amount(
  value: number | null,
  unit: string,
  lang: Lang,
  unitIn: (unit: string) => string,
): string {
  if (value === null) return '—'
  if (unit === 'fen') return quantity(value / 100, 'yuan', lang)
  if (unit === '元') return quantity(value, 'yuan', lang)
  if (unit === 'ppm') return quantity(value / 1_000_000, 'ratio', lang)
  if (unit === '比例') return quantity(value, 'ratio', lang)
  if (unit === 'm2') return quantity(value, 'm2', lang)
  if (unit === 'date') return dateOf(value)
  return quantity(value, 'count', lang, unit === 'count' ? '' : unitIn(unit))
}

/** dateOf writes 20240630 as 2024-06-30, without what is not known. */
function dateOf(value: number): string {
  const text = String(value).padStart(8, '0')
  const parts = [text.slice(0, 4), text.slice(4, 6), text.slice(6)]
  return parts.filter((part) => Number(part) > 0).join('-')
}

/** targetOf finds what a plan wants of an indicator in the year of the review. */
export function targetOf(targets: readonly Target[] | null | undefined, code: string): Target | undefined {
  return targets?.find(({ indicator, kind }) => indicator === code && kind === 'target')
}

/** groups writes a digest so that people can compare it: in groups of eight. */
export function groups(digest: string): string {
  return digest.match(/.{1,8}/g)?.join(' ') ?? ''
}

/** quartersBetween lists the quarters of first…last (months), the latest first. */
export function quartersBetween(first: string, last: string): string[] {
  const no = (month: string) =>
    Number(month.slice(0, 4)) * 4 + Math.floor((Number(month.slice(5, 7)) - 1) / 3)
  const out: string[] = []
  for (let at = no(last); at >= no(first); at--) out.push(`${Math.floor(at / 4)}-Q${(at % 4) + 1}`)
  return out
}

/** Told is a change since the review before: the key of its sentence, and what it speaks of. */
export interface Told {
  what: Change['what']
  stage: string
  before: string
  after: string
}

/** toldOf puts stages and areas of a change into words; days and states stay as they are. */
export function toldOf(change: Change, lifecycle: string, names: StageNames, lang: Lang): Told {
  const { what, stage } = change
  const isArea = what === 'area' || what === 'built' || what === 'lettable'
  const isStage = what === 'stage' || ((what === 'came' || what === 'went') && change.kind !== 'problem')
  const word = (text: string) => {
    if (text === '') return '—'
    if (isArea) return quantity(Number(text), 'm2', lang)
    return isStage ? names(lifecycle, text) : text
  }
  return {
    what,
    stage: stage && names(lifecycle, stage),
    before: word(change.before),
    after: word(change.after),
  }
}
