// The small marks of these pages: a shape and a word for each kind of day, grade and state.
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import type { Grade, Stage, Way } from './types'
import { standingOf } from './view'

/** WayMark tells the four kinds of days apart by shape: dashed ring, half disc, diamond, disc with a tick. */
export function WayMark({ way }: { way: Way }) {
  return (
    <svg className={`pb-sub-way ${way}`} viewBox="0 0 16 16" aria-hidden="true">
      {way === 'planned' && <circle cx="8" cy="8" r="5.5" className="ring dashed" />}
      {way === 'claimed' && (
        <>
          <circle cx="8" cy="8" r="5.5" className="ring" />
          <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" className="full" />
        </>
      )}
      {way === 'deemed' && <path d="M8 2l6 6-6 6-6-6z" className="ring" />}
      {way === 'verified' && (
        <>
          <circle cx="8" cy="8" r="6" className="full" />
          <path d="M5 8.2l2.2 2.2L11.2 6" className="tick" />
        </>
      )}
    </svg>
  )
}

/** WayName is the mark with its word. */
export function WayName({ way }: { way: Way }) {
  const { t } = useText()
  return (
    <span className="pb-sub-wayname">
      <WayMark way={way} />
      {t(`way.${way}`)}
    </span>
  )
}

/** StateWord says how a stage stands, and by which kind of day where it was entered. */
export function StateWord({ stage }: { stage: Stage }) {
  const { t } = useText()
  const { state, used } = stage
  const word = t(`trackState.${standingOf(stage)}`)
  return (
    <span className={`pb-sub-state ${state}`}>
      {used && state !== 'deemed' ? t('track.enteredBy', { state: word, way: t(`way.${used}`) }) : word}
    </span>
  )
}

/** GradeTag names how much a piece of evidence proves; the more bars, the more. */
export function GradeTag({ grade }: { grade: Grade }) {
  const { t } = useText()
  const bars = { permit: 4, record: 3, photo: 2, statement: 1 }[grade]
  return (
    <span className="pb-sub-grade">
      <svg viewBox="0 0 16 12" aria-hidden="true">
        {[0, 1, 2, 3].map((at) => (
          <rect key={at} x={at * 4} y={9 - at * 3} width="3" height={3 + at * 3} data-on={at < bars} />
        ))}
      </svg>
      {t(`evidenceGrade.${grade}`)}
    </span>
  )
}

/** stageNameOf gives the name of a stage in the language of the screen, its code where it has none. */
export function stageNameOf(stages: readonly Stage[] | null, code: string, lang: 'zh-CN' | 'en'): string {
  const stage = stages?.find((known) => known.code === code)
  return stage ? nameIn(lang, stage.name, stage.name_en) : code
}

/** Slip says by how many days something moved against the first plan. */
export function Slip({ days }: { days: number | null }) {
  const { t } = useText()
  if (days === null) return <>—</>
  if (days === 0) return <>{t('track.asPlanned')}</>
  return (
    <span className={days > 0 ? 'pb-sub-late' : undefined}>
      {t(days > 0 ? 'track.laterBy' : 'track.earlierBy', { count: Math.abs(days) })}
    </span>
  )
}

/** Expiry is the last day of a paper, marked once it has passed. */
export function Expiry({ expires }: { expires: string }) {
  const { t, lang } = useText()
  if (!expires) return null
  const over = expires.length === 10 && expires < new Date().toISOString().slice(0, 10)
  return (
    <span className={over ? 'pb-sub-late' : undefined}>
      {t(over ? 'evidence.expired' : 'evidence.expires', { day: day(expires, lang) })}
    </span>
  )
}
