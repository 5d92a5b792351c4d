import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { StateWord, WayMark } from './marks'
import type { Stage } from './types'
import { daysOf } from './view'

interface StepsProps {
  stages: readonly Stage[]
  shown: string | undefined
  onShow: (stage: string) => void
}

/** Steps shows every stage with its four kinds of days, each in its own place; the one that counts is marked. */
export function Steps({ stages, shown, onShow }: StepsProps) {
  const { t, lang } = useText()
  return (
    <ol className="pb-sub-steps" aria-label={t('track.steps')}>
      {stages.map((stage) => (
        <li key={stage.code} className={`${stage.state} ${stage.code === shown ? 'shown' : ''}`}>
          <h3>
            <button type="button" aria-pressed={stage.code === shown} onClick={() => onShow(stage.code)}>
              {nameIn(lang, stage.name, stage.name_en)}
            </button>
            <StateWord stage={stage} />
          </h3>
          <dl>
            {daysOf(stage).map(({ way, day: said, counts }) => (
              <div key={way} className={counts ? 'counts' : said ? undefined : 'unsaid'}>
                <dt>
                  <WayMark way={way} />
                  {t(`way.${way}`)}
                </dt>
                <dd>
                  {said ? day(said, lang) : <span className="pb-sub-none">—</span>}
                  {counts && <span className="pb-hidden">{t('track.counts')}</span>}
                </dd>
              </div>
            ))}
          </dl>
          <Moved stage={stage} />
        </li>
      ))}
    </ol>
  )
}

function Moved({ stage }: { stage: Stage }) {
  const { t } = useText()
  const parts = [
    stage.replans > 0 && t('track.replans', { count: stage.replans }),
    stage.slip_days !== null &&
      stage.slip_days !== 0 &&
      t(stage.slip_days > 0 ? 'track.laterBy' : 'track.earlierBy', { count: Math.abs(stage.slip_days) }),
  ].filter(Boolean)
  if (parts.length === 0) return null
  return (
    <p className={stage.slip_days !== null && stage.slip_days > 0 ? 'pb-sub-late' : 'pb-soft'}>
      {parts.join(' · ')}
    </p>
  )
}
