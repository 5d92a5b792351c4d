// Numbers and dates for people. Values arrive in canonical units (m2, yuan, ratio, count);
// one scale (万, 亿 / million, billion) is chosen per tile or per column, so that the numbers of a column compare.

export type Lang = 'zh-CN' | 'en'

/** Scale says how the values of one column are written: value ÷ divisor, with decimals, then unit. */
export interface Scale {
  divisor: number
  decimals: number
  unit: string
}

interface Step {
  from: number
  zh: string
  en: string
}

const steps: Record<Lang, { m2: Step[]; yuan: Step[] }> = {
  'zh-CN': {
    m2: [
      { from: 1e8, zh: '亿平方米', en: '' },
      { from: 1e4, zh: '万平方米', en: '' },
      { from: 1, zh: '平方米', en: '' },
    ],
    yuan: [
      { from: 1e8, zh: '亿元', en: '' },
      { from: 1e4, zh: '万元', en: '' },
      { from: 1, zh: '元', en: '' },
    ],
  },
  en: {
    m2: [
      { from: 1e6, zh: '', en: 'million m²' },
      { from: 1e3, zh: '', en: 'thousand m²' },
      { from: 1, zh: '', en: 'm²' },
    ],
    yuan: [
      { from: 1e9, zh: '', en: 'bn yuan' },
      { from: 1e6, zh: '', en: 'm yuan' },
      { from: 1e3, zh: '', en: 'thousand yuan' },
      { from: 1, zh: '', en: 'yuan' },
    ],
  },
}

/** scaleOf chooses the scale for values of a unit; word is the name of a countable unit (家, 个). */
export function scaleOf(values: (number | null | undefined)[], unit: string, lang: Lang, word = ''): Scale {
  const top = values.reduce<number>((max, value) => Math.max(max, Math.abs(value ?? 0)), 0)
  if (unit === 'ratio') return { divisor: 0.01, decimals: 1, unit: '%' }
  if (unit !== 'm2' && unit !== 'yuan')
    return { divisor: 1, decimals: Number.isInteger(top) ? 0 : 2, unit: word }
  const ladder = steps[lang][unit]
  const step = ladder.find(({ from }) => top >= from) ?? ladder[ladder.length - 1]
  const divisor = step?.from ?? 1
  return {
    divisor,
    decimals: decimalsFor(top / divisor, divisor),
    unit: (lang === 'en' ? step?.en : step?.zh) ?? '',
  }
}

// Four or five figures are enough to tell two parks apart; plain square metres and yuan stay whole.
function decimalsFor(top: number, divisor: number): number {
  if (divisor === 1) return 0
  return top >= 1000 ? 1 : 2
}

/** number writes a value on a scale, without its unit. Missing is a dash, never a zero. */
export function number(value: number | null | undefined, scale: Scale): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '—'
  const scaled = value / scale.divisor
  return scaled.toLocaleString('en-US', {
    minimumFractionDigits: scale.decimals,
    maximumFractionDigits: scale.decimals,
  })
}

/** withUnit writes a value on a scale followed by its unit. */
export function withUnit(value: number | null | undefined, scale: Scale): string {
  const text = number(value, scale)
  if (text === '—' || scale.unit === '') return text
  return scale.unit === '%' ? `${text}%` : `${text}\u2009${scale.unit}`
}

/** quantity writes one value on the scale that suits it alone. */
export function quantity(value: number | null | undefined, unit: string, lang: Lang, word = ''): string {
  return withUnit(value, scaleOf([value], unit, lang, word))
}

/** exact writes a value in its canonical unit with nothing rounded away. */
export function exact(value: number, unit: string, lang: Lang, word = ''): string {
  if (unit === 'ratio') return `${(value * 100).toLocaleString('en-US', { maximumFractionDigits: 4 })}%`
  const name =
    { m2: { 'zh-CN': '平方米', en: 'm²' }, yuan: { 'zh-CN': '元', en: 'yuan' } }[unit]?.[lang] ?? word
  const text = value.toLocaleString('en-US', { maximumFractionDigits: 2 })
  return name ? `${text}\u2009${name}` : text
}

/** signed writes a difference with its sign, a true minus included. */
export function signed(value: number, scale: Scale): string {
  const text = withUnit(Math.abs(value), scale)
  if (Number(text.replace(/[^\d]/g, '')) === 0) return text
  return `${value > 0 ? '+' : '\u2212'}${text}`
}

/** signedPercent writes a relative change: +38.9%. */
export function signedPercent(share: number): string {
  return signed(share, { divisor: 0.01, decimals: 1, unit: '%' })
}

/** percent writes a ratio as a percentage. */
export function percent(ratio: number, decimals = 1): string {
  return `${(ratio * 100).toFixed(decimals)}%`
}

/** day writes a date whose day or month may be unknown: "2024", "2024-06", "2024-06-30". */
export function day(text: string | null | undefined, lang: Lang): string {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(text ?? '')
  if (!match?.[1] || match[1] === '0000') return '—'
  const [, year, month, date] = match
  if (lang === 'zh-CN') {
    return [`${year}年`, month && `${Number(month)}月`, date && `${Number(date)}日`].filter(Boolean).join('')
  }
  const name = month && monthsEN[Number(month) - 1]
  return [date && Number(date), name, year].filter(Boolean).join(' ')
}

const monthsEN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** periodName writes "2024", "2024-Q2" or "2024-06". */
export function periodName(period: string, lang: Lang): string {
  const quarter = /^(\d{4})-Q(\d)$/.exec(period)
  if (!quarter) return lang === 'zh-CN' || period.length > 4 ? day(period, lang) : period
  return lang === 'zh-CN' ? `${quarter[1]}年${quarter[2]}季度` : `Q${quarter[2]} ${quarter[1]}`
}

/** moment writes a time stamp in Chinese time, to the minute. */
export function moment(stamp: string | null | undefined, lang: Lang): string {
  const time = stamp ? new Date(stamp) : null
  if (!time || Number.isNaN(time.getTime())) return '—'
  return time.toLocaleString(lang === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone: 'Asia/Shanghai',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
}
