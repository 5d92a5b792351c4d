import { Link, useSearch } from '@tanstack/react-router'
import { Input, Select } from 'antd'
import type { Column } from '../shared/DataTable'
import { nameIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { PageHead } from '../shared/PageHead'
import { PageTable } from '../shared/PageTable'
import { Loaded, Panel } from '../shared/Panel'
import { Failure } from '../shared/states'
import { useScope, useSetSearch } from '../shell/scope'
import { Due, inLang, RevenueBar, VerdictTag, WindowText } from './parts'
import { useBoard, useSummary } from './queries'
import { Tiles } from './Tiles'
import { type ReadinessItem, type VerdictName, verdicts } from './types'
import { Windows } from './Windows'

/** ReadinessPage (纳统准备) tells what decides the year: who can still enter the statistics bureau's list, and by when. */
export function ReadinessPage() {
  const { t } = useText()
  const { org, park } = useScope()
  const { q, verdict } = useSearch({ strict: false })
  const summary = useSummary({ org, park, q })
  const board = useBoard({ org, park, q, verdict })
  const columns = useColumns(summary.data?.today ?? '')
  if (summary.isError && !summary.data) {
    return (
      <div className="pb-page">
        <PageHead title={t('ready.title')} note={t('ready.note')} />
        <Failure error={summary.error} onRetry={() => summary.refetch()} />
      </div>
    )
  }
  return (
    <div className="pb-page">
      <PageHead title={t('ready.title')} note={t('ready.note')} />
      <Panel
        title={summary.data ? t('ready.decides', { year: summary.data.year }) : t('ready.verdict')}
        note={summary.data && t('ready.packIs', { ...summary.data.pack })}
      >
        <Loaded query={summary} height={150}>
          {(first) => (
            <>
              <Tiles board={first} chosen={verdict} />
              <Windows windows={first.windows} />
            </>
          )}
        </Loaded>
      </Panel>
      <Panel title={t('ready.list')} note={t('ready.order')} extra={<Filters />}>
        <PageTable
          caption={t('ready.list')}
          query={board}
          columns={columns}
          rowKey={({ enterprise }) => enterprise}
          emptyText={t('enterprise.none')}
          emptyDetail={t('park.noneWhy')}
        />
      </Panel>
    </div>
  )
}

function useColumns(today: string): Column<ReadinessItem>[] {
  const { t, lang } = useText()
  return [
    {
      key: 'name',
      title: t('enterprise.name'),
      heading: true,
      width: '22%',
      render: (item) => (
        <>
          <Link to="/readiness/$enterprise" params={{ enterprise: item.enterprise }}>
            {item.name}
          </Link>{' '}
          <Nature nature={item.nature} />
          <div className="pb-soft pb-ready-where">
            {[
              nameIn(lang, item.org_name, item.org_name_en),
              item.park_name,
              nameIn(lang, item.sector_name, item.sector_name_en),
            ]
              .filter(Boolean)
              .join(' · ')}
            {item.relocated && ` · ${t('tenancy.relocated')}`}
          </div>
        </>
      ),
    },
    {
      key: 'verdict',
      title: t('ready.verdict'),
      width: '30%',
      render: (item) => (
        <>
          <VerdictTag verdict={item.verdict} />
          <div className="pb-ready-says">{inLang(lang, item.says, item.says_en)}</div>
          <Counts item={item} />
        </>
      ),
    },
    { key: 'window', title: t('ready.window'), nowrap: true, render: (item) => <WindowText of={item} /> },
    { key: 'revenue', title: t('ready.revenue'), width: 210, render: (item) => <RevenueBar of={item} /> },
    {
      key: 'next',
      title: t('ready.next'),
      width: '18%',
      render: (item) => <Next item={item} today={today} />,
    },
  ]
}

function Counts({ item }: { item: ReadinessItem }) {
  const { t } = useText()
  if (item.blocks === 0 && item.notes === 0) return null
  return (
    <div className="pb-soft">
      {item.blocks > 0 && t('ready.blocksLeft', { count: item.blocks })}
      {item.blocks > 0 && item.notes > 0 && ' · '}
      {item.notes > 0 && t('ready.notesLeft', { count: item.notes })}
    </div>
  )
}

function Next({ item, today }: { item: ReadinessItem; today: string }) {
  const { lang } = useText()
  if (!item.next_task) return <span className="pb-soft">—</span>
  return (
    <>
      {inLang(lang, item.next_task, item.next_task_en)}
      {item.next_due && <Due due={item.next_due} late={item.next_due < today} />}
    </>
  )
}

function Filters() {
  const { t } = useText()
  const { q, verdict } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  return (
    <div className="pb-filters">
      <Select<VerdictName | ''>
        aria-label={t('ready.verdict')}
        value={verdicts.find((known) => known === verdict) ?? ''}
        onChange={(next) => setSearch({ verdict: next || undefined })}
        options={[
          { value: '', label: t('ready.allVerdicts') },
          ...verdicts.map((value) => ({ value, label: t(`readyVerdict.${value}`) })),
        ]}
        style={{ width: 150 }}
      />
      <Input.Search
        aria-label={t('filter.enterprise')}
        placeholder={t('filter.enterprise')}
        defaultValue={q}
        key={q}
        onSearch={(text) => setSearch({ q: text.trim() || undefined })}
        style={{ width: 220 }}
      />
    </div>
  )
}
