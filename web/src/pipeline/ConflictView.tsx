import { Button } from 'antd'
import { day, moment } from '../shared/format'
import { useText } from '../shared/i18n'
import { type Mine, sidesOf, type Theirs } from './conflict'

interface ConflictViewProps {
  theirs: Theirs
  mine: Mine
  stageName: (code: string) => string
  busy: boolean
  onTake: () => void
  onAgain: () => void
}

/** ConflictView shows what somebody else did beside what the user was about to say. Nothing of either is lost. */
export function ConflictView({ theirs, mine, stageName, busy, onTake, onAgain }: ConflictViewProps) {
  const { t, lang } = useText()
  const { about, other, same } = sidesOf(theirs, mine)
  return (
    <section className="pb-pipe-conflict" role="alert" aria-label={t('pipeline.conflict')}>
      <h3>{t('pipeline.conflict')}</h3>
      {theirs.actor && <p>{t('pipeline.changedBy', { actor: theirs.actor, at: moment(theirs.at, lang) })}</p>}
      <div className="pb-pipe-sides">
        <div>
          <h4>{t('pipeline.theirs')}</h4>
          {about.length + other.length === 0 && <p className="pb-soft">{t('pipeline.noDetail')}</p>}
          <ul>
            {[...about, ...other].map((side) => (
              <li key={`${side.act}/${side.stage}/${side.way}/${side.at}`}>
                <Said side={side} stageName={stageName} />
                <small className="pb-soft">
                  {side.actor} · {moment(side.at, lang)}
                </small>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h4>{t('pipeline.mine')}</h4>
          <ul>
            <li>
              <Said side={mine} stageName={stageName} />
              <small className="pb-soft">{t('pipeline.notSaved')}</small>
            </li>
          </ul>
        </div>
      </div>
      {same && <p>{t('pipeline.sameSaid')}</p>}
      <div className="pb-pipe-deeds">
        <Button onClick={onTake} disabled={busy}>
          {t('pipeline.take')}
        </Button>
        <Button type="primary" onClick={onAgain} loading={busy}>
          {t('pipeline.again')}
        </Button>
      </div>
    </section>
  )
}

function Said({ side, stageName }: { side: Mine; stageName: (code: string) => string }) {
  const { t, lang } = useText()
  return (
    <>
      <b>{side.stage && stageName(side.stage)}</b> {t(`pipelineAct.${side.act}`, side.act)}{' '}
      {side.day && <span className="pb-figures">{day(side.day, lang)}</span>}
      {side.reason && <span className="pb-pipe-reason">{side.reason}</span>}
    </>
  )
}
