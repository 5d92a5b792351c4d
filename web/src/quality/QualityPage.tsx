import { useSearch } from '@tanstack/react-router'
import { Select } from 'antd'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { api, ask, type Schema } from '../shared/api'
import { moment, periodName } from '../shared/format'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { More, usePages } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import { periodsBetween } from '../shared/period'
import { Empty, Failure, Loading } from '../shared/states'
import { useScope, useSetSearch } from '../shell/scope'
import { FindingCard } from './FindingCard'
import './quality.css'

type Findings = Schema<'Findings'>
type Finding = Schema<'Finding'>

const checks = [
  'overdue',
  'jump',
  'slip',
  'copy',
  'heap',
  'benford',
  'sum',
  'need',
  'peers',
  'ratio',
  'target',
  'origin',
  'twins',
  'impossible',
  'idle',
  'overlet',
  'overcounted',
  'unproduced',
  'fallen',
  'twice',
  'denominator',
  'history',
  'reused',
]
const severities = ['error', 'warning', 'note'] as const

/** QualityPage lists filed figures that can hardly be right (研判). Each is a question with its evidence, never a verdict. */
export function QualityPage() {
  const { t, lang } = useText()
  const { org } = useScope()
  const allowed = can(useMe(), 'finding.read')
  const { check, severity, period } = useSearch({ strict: false })
  const query = { org, period, check, severity: severities.find((known) => known === severity) }
  const findings = usePages<Finding, Findings>(
    ['findings', query],
    (cursor, signal) =>
      ask(
        api.GET('/api/v1/findings', {
          params: { query: { ...query, cursor: cursor || undefined, limit: 50 } },
          signal,
        }),
      ),
    allowed,
  )
  const first = findings.data?.pages[0]
  return (
    <div className="pb-page">
      <PageHead title={t('page.quality')} note={t('quality.note')} />
      <Panel
        title={t('quality.list')}
        note={
          first && t('quality.computed', { at: moment(first.computed_at, lang), sequence: first.sequence })
        }
        extra={<Filters />}
      >
        <p className="pb-question">{t('quality.question')}</p>
        {allowed ? <Findings query={findings} /> : <Empty title={t('state.denied')} />}
      </Panel>
    </div>
  )
}

function Findings({ query }: { query: ReturnType<typeof usePages<Finding, Findings>> }) {
  const { t } = useText()
  if (query.isPending) return <Loading height={420} />
  if (query.isError && !query.data) return <Failure error={query.error} onRetry={() => query.refetch()} />
  const items = query.data?.pages.flatMap((page) => page.items ?? []) ?? []
  return (
    <>
      {items.length === 0 && <Empty title={t('quality.none')} detail={t('quality.noneWhy')} />}
      <ul className="pb-findings" aria-label={t('quality.list')}>
        {items.map((finding) => (
          <li key={finding.id}>
            <FindingCard finding={finding} />
          </li>
        ))}
      </ul>
      <More query={query} count={items.length} />
    </>
  )
}

function Filters() {
  const { t, lang } = useText()
  const me = useMe()
  const { check, severity, period } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const first = me.first_period || me.last_period
  const periods = (['year', 'month'] as const).flatMap((grain) =>
    periodsBetween(first, me.last_period, grain),
  )
  return (
    <div className="pb-filters">
      <Select
        aria-label={t('quality.check')}
        value={check ?? ''}
        onChange={(next) => setSearch({ check: next || undefined })}
        options={[
          { value: '', label: t('quality.allChecks') },
          ...checks.map((value) => ({ value, label: t(`qualityCheck.${value}`) })),
        ]}
        style={{ width: 190 }}
      />
      <Select
        aria-label={t('quality.severity')}
        value={severity ?? ''}
        onChange={(next) => setSearch({ severity: next || undefined })}
        options={[
          { value: '', label: t('quality.allSeverities') },
          ...severities.map((value) => ({ value, label: t(`qualitySeverity.${value}`) })),
        ]}
        style={{ width: 150 }}
      />
      <Select
        aria-label={t('period.label')}
        value={period ?? ''}
        onChange={(next) => setSearch({ period: next || undefined })}
        options={[
          { value: '', label: t('quality.allPeriods') },
          ...periods.map((value) => ({ value, label: periodName(value, lang) })),
        ]}
        style={{ width: 130 }}
      />
    </div>
  )
}
