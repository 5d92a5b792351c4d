import { Button } from 'antd'
import { useState } from 'react'
import { type Column, DataTable } from '../shared/DataTable'
import { day, moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { SourceText } from '../shared/SourceText'
import { Verdict } from '../shared/Verdict'
import { PaperDrawer } from './PaperDrawer'
import { useEvidence } from './queries'
import type { Detail, Evidence, Paper } from './types'

/** PaperPanel is the check-list of the application: what is there, until when it holds, how long the rest takes. */
export function PaperPanel({ detail }: { detail: Detail }) {
  const { t, lang } = useText()
  const [editing, setEditing] = useState<Paper | null>(null)
  const papers = detail.papers ?? []
  const known = useEvidence(
    detail.enterprise,
    papers.some(({ evidence }) => evidence !== ''),
  )
  const columns: Column<Paper>[] = [
    {
      key: 'name',
      title: t('ready.paper'),
      heading: true,
      render: ({ name, name_en }) => nameIn(lang, name, name_en),
    },
    { key: 'have', title: t('ready.state'), render: (paper) => <PaperState paper={paper} /> },
    {
      key: 'expires',
      title: t('ready.holdsUntil'),
      render: (paper) => <Holds paper={paper} />,
    },
    {
      key: 'takes',
      title: t('ready.takes'),
      numeric: true,
      render: ({ takes }) => t('ready.days', { count: takes }),
    },
    {
      key: 'source',
      title: t('ready.recorded'),
      render: ({ source, evidence, recorder, recorded_at }) =>
        recorder ? (
          <>
            {source && <SourceText text={source} />}{' '}
            <EvidenceLink evidence={known.data?.find(({ id }) => id === evidence)} />{' '}
            <span className="pb-soft">
              {recorder} · {moment(recorded_at, lang)}
            </span>
          </>
        ) : (
          '—'
        ),
    },
  ]
  if (detail.can?.includes('edit'))
    columns.push({
      key: 'deeds',
      title: t('table.deeds'),
      render: (paper) => (
        <Button
          size="small"
          onClick={() => setEditing(paper)}
          aria-label={t('ready.recordOf', { paper: nameIn(lang, paper.name, paper.name_en) })}
        >
          {t('ready.recordPaper')}
        </Button>
      ),
    })
  return (
    <Panel
      title={t('ready.papers')}
      note={t('ready.papersHave', {
        have: papers.filter(({ have, expired }) => have && !expired).length,
        count: papers.length,
      })}
    >
      <DataTable caption={t('ready.papers')} columns={columns} items={papers} rowKey={({ code }) => code} />
      {editing && <PaperDrawer detail={detail} paper={editing} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

/** EvidenceLink names the evidence that a material rests on, with its file where there is one. */
function EvidenceLink({ evidence }: { evidence: Evidence | undefined }) {
  const { t } = useText()
  if (!evidence) return null
  if (!evidence.file_name) return <>{t('ready.restsOn', { title: evidence.title })}</>
  return (
    <a href={`/api/v1/evidence/${encodeURIComponent(evidence.id)}/file`} download>
      {t('ready.restsOn', { title: evidence.title })}
    </a>
  )
}

function PaperState({ paper }: { paper: Paper }) {
  const { t } = useText()
  if (!paper.have)
    return (
      <span className="pb-soft">{t(paper.recorder ? 'ready.paperMissing' : 'ready.paperUnrecorded')}</span>
    )
  if (paper.expired) return <Verdict judgement="bad">{t('ready.paperExpired')}</Verdict>
  if (paper.ends) return <Verdict judgement="fair">{t('ready.paperEnds')}</Verdict>
  return <Verdict judgement="good">{t('ready.paperThere')}</Verdict>
}

function Holds({ paper }: { paper: Paper }) {
  const { t, lang } = useText()
  if (paper.expires)
    return (
      <>
        {day(paper.expires, lang)}{' '}
        {paper.derived && <span className="pb-soft">{t('ready.derivedDay', { count: paper.lasts })}</span>}
      </>
    )
  return (
    <span className="pb-soft">
      {paper.lasts > 0 ? t('ready.lasts', { count: paper.lasts }) : t('ready.lastsForever')}
    </span>
  )
}
