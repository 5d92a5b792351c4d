import type { Lang } from '../shared/format'
import { nameIn, unitIn } from '../shared/i18n'
import type { GridColumn } from './Grid'
import type { FormItem } from './types'

const widths: Record<FormItem['kind'], number> = {
  quantity: 116,
  date: 118,
  text: 180,
  code: 176,
  truth: 84,
  choice: 130,
}

/** fieldColumn is the column in which a field is typed. */
export function fieldColumn(item: FormItem, lang: Lang, words: { yes: string; no: string }): GridColumn {
  const title = nameIn(lang, item.name, item.name_en)
  return {
    id: item.field,
    field: item.field,
    title,
    note: unitIn(item.unit_name) || undefined,
    width: Math.max(widths[item.kind], Math.min(200, title.length * (lang === 'en' ? 7.5 : 14) + 26)),
    numeric: item.kind === 'quantity',
    required: item.required,
    options: optionsOf(item, lang, words),
  }
}

function optionsOf(item: FormItem, lang: Lang, words: { yes: string; no: string }): string[] | undefined {
  if (item.kind === 'truth') return [words.yes, words.no]
  if (item.kind !== 'choice') return undefined
  return (item.choices ?? []).map(({ name, name_en }) => nameIn(lang, name, name_en))
}
