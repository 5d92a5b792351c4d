// How a cell's text is read, checked and shown. The server decides; this only saves a round trip and says at once what
// cannot be right. Texts of a quantity stay as typed: nothing here rounds or converts.
import type { Lang } from '../shared/format'
import { nameIn } from '../shared/i18n'
import type { FormItem } from './types'

type Shape = Pick<FormItem, 'kind' | 'choices'>

const number = /^[+-]?(\d+(\.\d*)?|\.\d+)$/
const isoDate = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/
const looseDate = /^(\d{4})(?:[-/.年](\d{1,2}))?(?:[-/.月](\d{1,2}))?[年月日]?$/
const yes = ['true', '是', 'yes', 'y', '√', '✓']
const no = ['false', '否', 'no', 'n', '×']

/** halfWidth turns full-width digits, signs and spaces into the usual ones. */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
}

/** readCell gives the text as the server wants it, from what a person typed or pasted; what it cannot read stays. */
export function readCell(item: Shape, typed: string): string {
  if (item.kind === 'text') return typed.replace(/^\s+|\s+$/g, '')
  const text = halfWidth(typed).trim()
  if (text === '') return ''
  if (item.kind === 'quantity') return readNumber(text)
  if (item.kind === 'date') return readDate(text)
  if (item.kind === 'truth') return readTruth(text)
  if (item.kind === 'choice') return readChoice(item, typed.trim())
  return text
}

function readNumber(text: string): string {
  const bare = text.replace(/[\s,\u2009]/g, '').replace('\u2212', '-')
  if (!number.test(bare)) return text
  return bare.replace(/^\+/, '')
}

function readDate(text: string): string {
  const match = looseDate.exec(text)
  if (!match?.[1]) return text
  const iso = [match[1], match[2]?.padStart(2, '0'), match[3]?.padStart(2, '0')].filter(Boolean).join('-')
  return isoDate.test(iso) ? iso : text
}

function readTruth(text: string): string {
  const word = text.toLowerCase()
  if (yes.includes(word)) return 'true'
  return no.includes(word) ? 'false' : text
}

function readChoice(item: Shape, text: string): string {
  const word = text.toLowerCase()
  const found = item.choices?.find(
    ({ code, name, name_en }) =>
      code === text || name.toLowerCase() === word || name_en.toLowerCase() === word,
  )
  return found?.code ?? text
}

/** The reasons for which a text cannot stand in a cell; each is a message. */
export type Fault = 'fill.badNumber' | 'fill.badDate' | 'fill.badTruth' | 'fill.badChoice'

/** faultOf says why a text cannot be right; null where it may be. An empty cell is unknown and always allowed. */
export function faultOf(item: Shape, text: string): Fault | null {
  if (text === '') return null
  if (item.kind === 'quantity') return number.test(text) ? null : 'fill.badNumber'
  if (item.kind === 'date') return realDay(text) ? null : 'fill.badDate'
  if (item.kind === 'truth') return text === 'true' || text === 'false' ? null : 'fill.badTruth'
  if (item.kind === 'choice') return item.choices?.some(({ code }) => code === text) ? null : 'fill.badChoice'
  return null
}

function realDay(text: string): boolean {
  if (!isoDate.test(text)) return false
  if (text.length < 10) return true
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
}

/** Words are what a reader's language calls yes and no. */
export interface Words {
  lang: Lang
  yes: string
  no: string
}

/** showCell writes a cell for reading: a choice by its name, a quantity with thousands marked. */
export function showCell(item: Shape, text: string | undefined, words: Words): string {
  if (!text) return ''
  if (item.kind === 'quantity') return grouped(text)
  if (item.kind === 'choice') {
    const choice = item.choices?.find(({ code }) => code === text)
    return choice ? nameIn(words.lang, choice.name, choice.name_en) : text
  }
  if (item.kind !== 'truth') return text
  return text === 'true' ? words.yes : text === 'false' ? words.no : text
}

// grouped marks thousands without touching a digit.
function grouped(text: string): string {
  const match = /^(-?)(\d+)(\.\d*)?$/.exec(text)
  if (!match?.[2]) return text
  return `${match[1]}${match[2].replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`
}
