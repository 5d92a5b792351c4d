import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { Failure, Loading } from '../shared/states'
import { useSetSearch } from '../shell/scope'
import { EvidencePanel } from './EvidencePanel'
import { Facts } from './Facts'
import { HistoryPanel } from './HistoryPanel'
import { stageNameOf } from './marks'
import { ProblemPanel } from './ProblemPanel'
import { PromisePanel } from './PromisePanel'
import { useTrack } from './queries'
import { StagePanel } from './StagePanel'
import { StepDrawer } from './StepDrawer'
import { Steps } from './Steps'
import type { Act, SubjectKind, Track, Wanted } from './types'
import { firstShown, may } from './view'
import '../pipeline/pipeline.css'
import './subject.css'

/** TenancyPage shows how far an enterprise has come in a park, and how anybody knows. */
export function TenancyPage() {
  return <Page kind="tenancy" />
}

/** ProjectPage shows how far a project has come, and how anybody knows. */
export function ProjectPage() {
  return <Page kind="project" />
}

function Page({ kind }: { kind: SubjectKind }) {
  const { t } = useText()
  const { id = '' } = useParams({ strict: false })
  const track = useTrack({ kind, id })
  if (track.isPending) return <Loading height={640} />
  if (track.data) return <Known key={`${kind}/${id}`} track={track.data} />
  return (
    <div className="pb-page">
      <PageHead title={t(kind === 'tenancy' ? 'track.tenancy' : 'track.project')} />
      <Failure error={track.error} onRetry={track.refetch} />
    </div>
  )
}

function Known({ track }: { track: Track }) {
  const { t } = useText()
  const { stage: asked } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const stages = track.stages ?? []
  const shown = stages.find(({ code }) => code === asked) ?? firstShown(stages)
  return (
    <div className="pb-page">
      <Head track={track} onWant={(act) => setWanted({ act, stage: '' })} />
      {track.nature === 'simulated' && (
        <p className="pb-banner" role="note">
          <Glyph name="broken" />
          {t('app.simulated')}
        </p>
      )}
      <Facts track={track} />
      <Panel title={t('track.steps')} note={t('track.stepsNote')}>
        <Steps stages={stages} shown={shown?.code} onShow={(stage) => setSearch({ stage }, true)} />
      </Panel>
      {shown && (
        <div className="pb-split">
          <StagePanel track={track} stage={shown} onWant={(act) => setWanted({ act, stage: shown.code })} />
          <EvidencePanel track={track} stage={shown} />
        </div>
      )}
      <PromisePanel track={track} />
      <ProblemPanel track={track} />
      <HistoryPanel track={track} />
      {wanted && (
        <StepDrawer
          key={`${wanted.act}/${wanted.stage}`}
          track={track}
          wanted={wanted}
          onClose={() => setWanted(null)}
        />
      )}
    </div>
  )
}

function Head({ track, onWant }: { track: Track; onWant: (act: Act) => void }) {
  const { t, lang } = useText()
  const pause = nameIn(lang, track.suspended_name, track.suspended_name_en)
  return (
    <PageHead title={track.name} note={<Note track={track} />}>
      {may(track, 'suspend') && (
        <Button onClick={() => onWant('suspend')}>{t('track.suspend', { name: pause })}</Button>
      )}
      {may(track, 'resume') && (
        <Button onClick={() => onWant('resume')}>{t('track.resume', { name: pause })}</Button>
      )}
    </PageHead>
  )
}

function Note({ track }: { track: Track }) {
  const { t, lang } = useText()
  const me = useMe()
  const { code, name, name_en } = track.lifecycle
  const lifecycle = nameIn(lang, name, name_en)
  return (
    <>
      {can(me, 'business.read') && (
        <Link to="/lifecycles/$code" params={{ code }}>
          {t('track.lifecycleOf', { name: lifecycle })}
        </Link>
      )}{' '}
      <Nature nature={track.nature} />{' '}
      {track.suspended && (
        <span className="pb-tag pb-sub-flag paused">
          {nameIn(lang, track.suspended_name, track.suspended_name_en)}
        </span>
      )}
      {track.ended && (
        <span className="pb-tag pb-sub-flag ended">
          {t('track.endedBy', { stage: stageNameOf(track.stages, track.ended, lang) })}
        </span>
      )}
    </>
  )
}
