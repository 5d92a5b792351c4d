import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { Refusal } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { deeds, useDeed } from './intakes'
import { shareOf, timeLeft, useProgress } from './progress'
import type { Intake } from './types'

/** Running shows how far the server is with a check or a commit, and lets one stop it. */
export function Running({ intake }: { intake: Intake }) {
  const { t } = useText()
  const client = useQueryClient()
  const { progress, lost } = useProgress(intake.id, true, () =>
    client.invalidateQueries({ queryKey: ['intake', intake.id] }),
  )
  const cancel = useDeed(intake.id, () => deeds.cancel(intake.id))
  const now = progress ?? intake.job
  const share = now ? shareOf(now) : null
  const left = timeLeft(now?.eta_seconds)
  const title = t(intake.state === 'committing' ? 'intake.committing' : 'intake.checking')
  return (
    <Panel title={title} note={t('intake.mayLeave')}>
      <div
        className={`pb-read ${share === null ? 'open' : ''}`}
        role="progressbar"
        aria-label={title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share ?? undefined}
      >
        <span style={{ width: `${share ?? 100}%` }} />
      </div>
      <dl className="pb-facts pb-report">
        <Fact name={t('intake.rowsRead')} value={now?.done} />
        <Fact name={t('intake.rowsAll')} value={now?.total || undefined} />
        <Fact name={t('intake.rowsFailed')} value={now?.failed} />
        <div>
          <dt>{t('intake.timeLeft')}</dt>
          <dd>{left ? t(left.unit === 'seconds' ? 'intake.seconds' : 'intake.minutes', left) : '—'}</dd>
        </div>
      </dl>
      {lost && <p role="status">{t('intake.lost')}</p>}
      {cancel.isError && <Refusal error={cancel.error} />}
      <div className="pb-commit">
        <Button onClick={() => cancel.mutate(undefined)} loading={cancel.isPending}>
          {t('intake.cancel')}
        </Button>
        <span className="pb-soft">{t('intake.cancelNote')}</span>
      </div>
    </Panel>
  )
}

function Fact({ name, value }: { name: string; value: number | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value?.toLocaleString('en-US') ?? '—'}</dd>
    </div>
  )
}
