import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import type { Tenancy } from '../shared/types'
import { steps } from './stages'
import './tenancy.css'

/** StageSteps shows the stages of a tenancy with every date that anybody gave, and in which way. */
export function StageSteps({ tenancy }: { tenancy: Tenancy }) {
  const { t, lang } = useText()
  return (
    <ol className="pb-steps" aria-label={t('tenancy.steps')}>
      {steps(tenancy.stages ?? []).map(({ stage, entries, state }) => (
        <li key={stage} className={state === 'entered' ? 'done' : undefined}>
          <b>{t(`stage.${stage}`, stage)}</b>
          {entries.map((entry) => (
            <span key={`${entry.way}${entry.date}`} title={entry.source}>
              {day(entry.date, lang)} {entry.way && t(`way.${entry.way}`)}{' '}
              {entry.nature !== tenancy.nature && <Nature nature={entry.nature} />}
            </span>
          ))}
          {state !== 'entered' && <span>{t(`tenancy.${state}`)}</span>}
        </li>
      ))}
    </ol>
  )
}
