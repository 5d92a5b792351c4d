// Small parts that the board and the page of an enterprise share.
import type { ReactNode } from 'react'
import { day, type Lang, number, scaleOf } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import { Verdict } from '../shared/Verdict'
import type { ReadinessBase, VerdictName } from './types'
import { barOf, glyphs, judgements } from './view'
import './readiness.css'

/** VerdictTag is the verdict with a word and a shape. */
export function VerdictTag({ verdict }: { verdict: VerdictName }) {
  const { t } = useText()
  const judgement = judgements[verdict]
  const word = t(`readyVerdict.${verdict}`)
  if (judgement) return <Verdict judgement={judgement}>{word}</Verdict>
  return (
    <span className="pb-ready-tag">
      <Glyph name={glyphs[verdict]} />
      {word}
    </span>
  )
}

/** inLang picks the sentence in the language of the screen. */
export function inLang(lang: Lang, text: string, textEN: string): string {
  return lang === 'en' ? textEN || text : text
}

/** RevenueBar is what was earned against what is asked for, with the months that are known. */
export function RevenueBar({ of }: { of: ReadinessBase }) {
  const { t, lang } = useText()
  if (of.threshold === null) return <span className="pb-soft">{t('ready.noThreshold')}</span>
  if (!of.path) return <span className="pb-soft">—</span>
  const bar = barOf(of.rolling, of.threshold)
  const step = scaleOf([of.threshold], 'yuan', lang)
  const scale = { ...step, decimals: step.divisor === 10_000 ? 0 : 1 }
  return (
    <div className="pb-ready-revenue">
      <div className={`pb-ready-bar ${bar.width === null ? 'unknown' : ''}`} aria-hidden="true">
        {bar.width !== null && (
          <i className={bar.reached ? 'reached' : undefined} style={{ width: `${bar.width * 100}%` }} />
        )}
      </div>
      <span className="pb-figures">
        {of.rolling === null
          ? t('ready.nothingFiled')
          : t(of.known < of.asked ? 'ready.revenueAtLeast' : 'ready.revenueOf', {
              rolling: number(of.rolling, scale),
              threshold: number(of.threshold, scale),
              unit: scale.unit,
            })}
      </span>
      <span className={of.known < of.asked ? 'pb-ready-gap' : 'pb-soft'}>
        {t('ready.monthsKnown', { known: of.known, asked: of.asked })}
      </span>
    </div>
  )
}

/** WindowText says until when material is taken and from which month the enterprise would be in the list. */
export function WindowText({ of }: { of: ReadinessBase }) {
  const { t, lang } = useText()
  if (!of.window) return <span className="pb-soft">—</span>
  return (
    <>
      {t('ready.closes', { day: day(of.window.closes, lang) })}
      <div className="pb-soft">
        {of.days_left !== null && of.days_left >= 0 && `${t('ready.daysLeft', { count: of.days_left })} · `}
        {t('ready.batch', { month: day(of.window.batch, lang) })}
      </div>
    </>
  )
}

/** Due is a day until which something has to be done; late is said in words. */
export function Due({ due, late, children }: { due: string; late: boolean; children?: ReactNode }) {
  const { t, lang } = useText()
  return (
    <span className="pb-ready-due">
      {due ? t('ready.until', { day: day(due, lang) }) : t('ready.noDay')}
      {late && <Verdict judgement="bad">{t('ready.late')}</Verdict>}
      {children}
    </span>
  )
}
