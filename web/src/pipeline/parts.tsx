// Small parts that every view of the pipeline shows.
import { Link } from '@tanstack/react-router'
import { useText } from '../shared/i18n'
import { type Judgement, Verdict } from '../shared/Verdict'
import { paceOf } from './lanes'
import type { Card, LightName } from './types'

const judgements: Partial<Record<LightName, Judgement>> = {
  green: 'good',
  watched: 'fair',
  yellow: 'fair',
  red: 'bad',
}

/** Light is a light with its word; why stands on hover and is read out. */
export function Light({ light, why }: { light: LightName; why?: string }) {
  const { t } = useText()
  const judgement = judgements[light]
  const word = t(`pipelineLight.${light}`)
  return (
    <span title={why} className={judgement ? undefined : 'pb-soft'}>
      {judgement ? <Verdict judgement={judgement}>{word}</Verdict> : word}
      {why && <span className="pb-hidden">{why}</span>}
    </span>
  )
}

/** lightWhy is the reason of a card's light in the language of the screen. */
export function lightWhy(card: Pick<Card, 'light_why' | 'light_why_en'>, lang: string): string {
  return lang === 'en' ? card.light_why_en || card.light_why : card.light_why
}

/** SubjectLink leads to the page of a tenancy or project. */
export function SubjectLink({ of }: { of: Pick<Card, 'kind' | 'id' | 'name'> }) {
  return (
    <Link to={of.kind === 'tenancy' ? '/tenancies/$id' : '/projects/$id'} params={{ id: of.id }}>
      {of.name}
    </Link>
  )
}

/** Late marks what was planned for a day that has passed. */
export function Late() {
  const { t } = useText()
  return <Verdict judgement="bad">{t('pipeline.late')}</Verdict>
}

/** Slip says by how many days a plan moved; no day is no slip. */
export function Slip({ days }: { days: number | null }) {
  const { t } = useText()
  if (days === null) return <span className="pb-soft">—</span>
  if (days === 0) return <>{t('pipeline.asPlanned')}</>
  if (days < 0) return <>{t('pipeline.earlier', { count: -days })}</>
  return <Verdict judgement="fair">{t('pipeline.later', { count: days })}</Verdict>
}

/** Days says how long a card has been in its stage, against what is usual there. */
export function Days({ card }: { card: Pick<Card, 'days' | 'norm_days'> }) {
  const { t } = useText()
  if (card.days === null) return <span className="pb-soft">{t('pipeline.daysUnknown')}</span>
  const days = t('pipeline.days', { count: card.days })
  if (card.norm_days === null) return <span className="pb-figures pb-pipe-days">{days}</span>
  const norm = t('pipeline.norm', { count: card.norm_days })
  return (
    <span className={`pb-figures pb-pipe-days ${paceOf(card) === 'over' ? 'pb-pipe-over' : ''}`}>
      {days} <small>{norm}</small>
    </span>
  )
}
