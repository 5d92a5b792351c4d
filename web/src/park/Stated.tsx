import { day, type Lang, quantity } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import type { Used } from '../shared/types'

type Stated = Pick<Used, 'value' | 'text' | 'stated' | 'stated_unit'> & { unit: string }

/** written gives a figure for reading; land is written in mu as the programme does. */
export function written(figure: Stated, lang: Lang, word: string): string {
  if (figure.unit === 'date') return day(figure.text || figure.stated, lang)
  if (figure.stated_unit === '亩')
    return `${Number(figure.stated.replaceAll(',', '')).toLocaleString('en-US', { maximumFractionDigits: 2 })}\u2009${lang === 'en' ? 'mu' : '亩'}`
  return quantity(figure.value, figure.unit, lang, word)
}

/** UsedFigure is the figure that the city uses, with a mark where sources contradict each other; counts go without a unit. */
export function UsedFigure({ used }: { used: Used | undefined }) {
  const { lang } = useText()
  if (!used) return <span className="pb-soft">—</span>
  return (
    <span className="pb-used">
      <span>{written(used, lang, '')}</span>
      {used.contradicted && <Clash />}
      {used.nature === 'simulated' && (
        <>
          {' '}
          <Nature nature={used.nature} />
        </>
      )}
    </span>
  )
}

/** Clash marks a figure that another source contradicts. */
export function Clash() {
  const { t } = useText()
  return (
    <span className="pb-clash" title={t('park.contradictedWhy')}>
      <Glyph name="clash" />
      {t('park.contradicted')}
    </span>
  )
}
