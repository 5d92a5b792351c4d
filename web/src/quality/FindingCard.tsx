import { Link, useSearch } from '@tanstack/react-router'
import { useId } from 'react'
import type { Schema } from '../shared/api'
import { type Column, DataTable } from '../shared/DataTable'
import { periodName } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import { EnterpriseLink, ParkLink } from '../shared/links'
import { type Judgement, Verdict } from '../shared/Verdict'
import { useSetSearch } from '../shell/scope'
import { bandOf, placesOf } from './band'

type Finding = Schema<'Finding'>
type Peers = NonNullable<Finding['peers']>
type EvidenceRow = NonNullable<Finding['evidence']>[number]

const monthly = 'enterprise_monthly' // the form whose figures are looked at
const judgements: Partial<Record<string, Judgement>> = { error: 'bad', warning: 'fair' }

/** FindingCard is one question: what stands out, about whom, and on request the rows that it rests on. */
export function FindingCard({ finding }: { finding: Finding }) {
  const { t, lang } = useText()
  const { finding: opened } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const id = useId()
  const open = opened === finding.id
  const judgement = judgements[finding.severity]
  const project = finding.evidence?.find(({ kind, id }) => kind === 'project' && id)
  const months =
    finding.until && finding.until !== finding.month
      ? t('quality.months', { from: periodName(finding.month, lang), to: periodName(finding.until, lang) })
      : periodName(finding.month, lang)
  return (
    <article className="pb-finding" aria-labelledby={id}>
      <header>
        {judgement ? (
          <Verdict judgement={judgement}>{t(`qualitySeverity.${finding.severity}`)}</Verdict>
        ) : (
          <span className="pb-soft">{t(`qualitySeverity.${finding.severity}`)}</span>
        )}
        <b>{t(`qualityCheck.${finding.check}`)}</b>
        <span id={id}>
          {project ? (
            <About {...project} name={finding.name} />
          ) : finding.enterprise ? (
            <EnterpriseLink id={finding.enterprise} name={finding.name || finding.enterprise} />
          ) : finding.park ? (
            <ParkLink id={finding.park} name={finding.name} />
          ) : (
            finding.name || t('quality.wholeGroup')
          )}
          {finding.also?.map((other) => (
            <span key={other.id}>
              {t('app.comma')}
              <EnterpriseLink id={other.id} name={other.name} />
            </span>
          ))}
        </span>
        <span className="pb-soft pb-figures">{months}</span>
      </header>
      <p>{finding.message}</p>
      {finding.resolve && (
        <p className="pb-soft">
          <b>{t('quality.resolve')}</b> {finding.resolve}{' '}
          {finding.owner_name && t('quality.owner', { name: finding.owner_name })}
        </p>
      )}
      <div className="pb-filters">
        {finding.check === 'overdue' ? (
          <Link to="/tasks" search={{ period: finding.until }}>
            {t('quality.toTasks')}
          </Link>
        ) : (
          <button
            type="button"
            className="pb-cell"
            aria-expanded={open}
            onClick={() => setSearch({ finding: open ? undefined : finding.id }, true)}
          >
            {t(open ? 'quality.hide' : 'quality.show')}
          </button>
        )}
        {finding.enterprise && filed(finding) && <Answer finding={finding} />}
      </div>
      {open && (
        <div className="pb-evidence">
          {finding.suggest && <p>{t('quality.suggest', { value: finding.suggest })}</p>}
          {finding.peers && <PeerBand peers={finding.peers} />}
          <Evidence finding={finding} />
        </div>
      )}
    </article>
  )
}

/** filed says whether a finding is about figures of the monthly return: what tenancies and parks state is not mended there. */
function filed({ check, resolve }: Finding): boolean {
  return !resolve || check === 'idle' || check === 'fallen'
}

/** Answer leads to the return in question, where it is explained or corrected. */
function Answer({ finding }: { finding: Finding }) {
  const { t } = useText()
  return (
    <Link
      to="/filings/$form/$kind/$subject/$period"
      params={{ form: monthly, kind: 'enterprise', subject: finding.enterprise, period: finding.month }}
    >
      {t('quality.answer')}
    </Link>
  )
}

/** About names what states a row, and leads to the page of a tenancy or project, where it is put right. */
function About({ kind, id, name }: EvidenceRow) {
  if (kind === 'tenancy' && id) {
    return (
      <Link to="/tenancies/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  if (kind === 'project' && id) {
    return (
      <Link to="/projects/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  return name
}

function Evidence({ finding }: { finding: Finding }) {
  const { t, lang } = useText()
  const rows = finding.evidence ?? []
  const several = new Set(rows.map(({ enterprise }) => enterprise)).size > 1
  const named = rows.some(({ kind }) => kind)
  const columns: Column<EvidenceRow>[] = [
    { key: 'month', title: t('trend.month'), heading: true, render: ({ month }) => periodName(month, lang) },
    ...(named
      ? [
          {
            key: 'about',
            title: t('quality.about'),
            render: About,
          },
        ]
      : []),
    ...(several && !named
      ? [
          {
            key: 'enterprise',
            title: t('enterprise.one'),
            render: ({ enterprise, name }: EvidenceRow) =>
              enterprise ? <EnterpriseLink id={enterprise} name={name} /> : name,
          },
        ]
      : []),
    {
      key: 'field',
      title: t('report.field'),
      render: ({ field, label }) => label || t(`return.${field}`, field),
    },
    {
      key: 'value',
      title: t('quality.filed'),
      numeric: true,
      render: ({ value, unit }) => (lang === 'en' ? value : `${value} ${unit}`.trim()),
    },
    ...(named
      ? [{ key: 'source', title: t('quality.source'), render: ({ source }: EvidenceRow) => source || '—' }]
      : []),
    ...(rows.some(({ note }) => note)
      ? [{ key: 'note', title: t('quality.expected'), render: ({ note }: EvidenceRow) => note || '—' }]
      : []),
  ]
  return (
    <DataTable
      caption={t('quality.evidence')}
      columns={columns}
      items={rows}
      rowKey={({ kind, id, enterprise, month, field }) => [kind, id, enterprise, month, field].join('|')}
    />
  )
}

/** PeerBand draws where the peers lie: the middle of them and the range in which nearly all are. */
function PeerBand({ peers }: { peers: Peers }) {
  const { t } = useText()
  const band = bandOf(peers)
  const words = t('quality.peers', {
    group: peers.group || t('quality.everybody'),
    count: peers.entities,
    median: peers.median,
    low: peers.low,
    high: peers.high,
  })
  if (!band) return <p>{words}</p>
  const at = placesOf(band)
  return (
    <figure className="pb-band">
      <svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">
        <line x1="0" x2="100" y1="7" y2="7" className="axis" />
        <rect x={at.low} width={Math.max(0.5, at.high - at.low)} y="3" height="8" rx="1" />
        <line x1={at.median} x2={at.median} y1="1" y2="13" className="median" />
      </svg>
      <figcaption>
        <Glyph name="near" /> {words}
      </figcaption>
    </figure>
  )
}
