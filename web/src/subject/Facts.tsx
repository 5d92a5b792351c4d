import { Button } from 'antd'
import { useState } from 'react'
import { day, quantity } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { EnterpriseLink, ParkLink } from '../shared/links'
import { Panel } from '../shared/Panel'
import { SourceText } from '../shared/SourceText'
import { stageNameOf } from './marks'
import { OfficerDrawer } from './OfficerDrawer'
import { useOfficer } from './queries'
import type { Track } from './types'
import { useAllowed } from './useAllowed'

/** Facts says whose the subject is, where it stands and who answers for it. */
export function Facts({ track }: { track: Track }) {
  const { t, lang } = useText()
  const unknown = <span className="pb-soft">{t('park.unknown')}</span>
  return (
    <Panel title={t('park.facts')}>
      <dl className="pb-facts">
        <div>
          <dt>{t('tenancy.enterprise')}</dt>
          <dd>
            {track.enterprise ? (
              <EnterpriseLink id={track.enterprise} name={track.enterprise_name} />
            ) : (
              unknown
            )}
          </dd>
        </div>
        <div>
          <dt>{t('tenancy.park')}</dt>
          <dd>{track.park ? <ParkLink id={track.park} name={track.park_name} /> : unknown}</dd>
        </div>
        <div>
          <dt>{t('park.org')}</dt>
          <dd>{nameIn(lang, track.org_name, track.org_name_en) || track.org}</dd>
        </div>
        {track.kind === 'tenancy' ? (
          <div>
            <dt>{t('tenancy.area')}</dt>
            <dd className="pb-figures">
              {track.area_m2 === null ? unknown : quantity(track.area_m2, 'm2', lang)}
            </dd>
          </div>
        ) : (
          <div>
            <dt>{t('project.investment')}</dt>
            <dd className="pb-figures">
              {track.investment === null ? unknown : quantity(track.investment, 'yuan', lang)}
            </dd>
          </div>
        )}
        <div>
          <dt>{t('track.standing')}</dt>
          <dd>
            <Standing track={track} />
          </dd>
        </div>
        <div>
          <dt>{t('track.officer')}</dt>
          <dd>
            <Officer track={track} />
          </dd>
        </div>
        {track.relocated && (
          <div>
            <dt>{t('track.relocation')}</dt>
            <dd>{t('tenancy.relocated')}</dd>
          </div>
        )}
        <div>
          <dt>{t('rows.source')}</dt>
          <dd>
            <SourceText text={track.source} />
          </dd>
        </div>
      </dl>
    </Panel>
  )
}

function Standing({ track }: { track: Track }) {
  const { t, lang } = useText()
  if (track.ended) return <>{t('track.endedBy', { stage: stageNameOf(track.stages, track.ended, lang) })}</>
  if (track.suspended) return <>{nameIn(lang, track.suspended_name, track.suspended_name_en)}</>
  const last = track.stages?.filter(({ used, end }) => used !== '' && !end).at(-1)
  if (!last) return <>{t('track.notBegun')}</>
  return <>{t('track.reached', { stage: nameIn(lang, last.name, last.name_en), day: day(last.day, lang) })}</>
}

function Officer({ track }: { track: Track }) {
  const { t, lang } = useText()
  const [open, setOpen] = useState(false)
  const officer = useOfficer(track)
  const allowed = useAllowed('problem.edit')
  const name = officer.data?.name || officer.data?.username || track.officer
  return (
    <>
      {name || <span className="pb-soft">{t('track.noOfficer')}</span>}{' '}
      {officer.data?.username && (
        <span className="pb-soft">{t('track.since', { day: day(officer.data.since, lang) })}</span>
      )}{' '}
      {allowed && (
        <Button
          size="small"
          onClick={() => setOpen(true)}
          aria-label={t(name ? 'track.changeOfficer' : 'track.setOfficer')}
        >
          {t(name ? 'track.change' : 'track.set')}
        </Button>
      )}
      <OfficerDrawer track={track} open={open} onClose={() => setOpen(false)} />
    </>
  )
}
