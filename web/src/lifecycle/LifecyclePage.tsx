import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { Select, Tabs } from 'antd'
import { lazy, Suspense } from 'react'
import { useMe } from '../session/session'
import { DataTable } from '../shared/DataTable'
import { day, moment } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { Loading } from '../shared/states'
import { useNarrow } from '../shared/useNarrow'
import { useSetSearch } from '../shell/scope'
import { calls } from './http'
import { StageGraph } from './StageGraph'
import { StageTable } from './StageTable'
import type { Lifecycle } from './types'
import './lifecycle.css'

const LifecycleEditor = lazy(() =>
  import('./LifecycleEditor').then(({ LifecycleEditor }) => ({ default: LifecycleEditor })),
)

/** LifecyclePage shows one lifecycle: its stages with what they demand, its versions; and edits it. */
export function LifecyclePage() {
  const { lang, t } = useText()
  const { code = '' } = useParams({ strict: false })
  const lifecycle = useQuery({
    queryKey: ['lifecycles', code],
    queryFn: ({ signal }) => calls.get(code, signal),
  })
  return (
    <div className="pb-page">
      {!lifecycle.data && <PageHead title={t('lifecycle.title')} />}
      <Loaded query={lifecycle} height={560}>
        {(known) => (
          <>
            <PageHead
              title={nameIn(lang, known.name, known.name_en)}
              note={`${t(known.city ? 'lifecycle.own' : 'lifecycle.shipped')} · ${[known.issuer, known.number].filter(Boolean).join(' · ')}`}
            />
            <Parts lifecycle={known} />
          </>
        )}
      </Loaded>
    </div>
  )
}

function Parts({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t } = useText()
  const me = useMe()
  const narrow = useNarrow()
  const { tab } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const parts = [
    { key: 'stages', label: t('lifecycle.stages'), children: <Stages lifecycle={lifecycle} /> },
    { key: 'fields', label: t('lifecycle.fields'), children: <Fields lifecycle={lifecycle} /> },
    { key: 'versions', label: t('lifecycle.versions'), children: <Versions lifecycle={lifecycle} /> },
    ...(me.actions?.includes('lifecycle.edit')
      ? [
          {
            key: 'edit',
            label: t('lifecycle.edit'),
            children: (
              <Suspense fallback={<Loading height={400} />}>
                <LifecycleEditor lifecycle={lifecycle} />
              </Suspense>
            ),
          },
        ]
      : []),
  ]
  const open = parts.find(({ key }) => key === tab) ?? parts[0]
  const choose = (key: string) => setSearch({ tab: key === 'stages' ? undefined : key })
  if (narrow)
    return (
      <div className="pb-column">
        <Select
          aria-label={t('lifecycle.part')}
          value={open?.key}
          onChange={choose}
          options={parts.map(({ key, label }) => ({ value: key, label }))}
        />
        {open?.children}
      </div>
    )
  return <Tabs activeKey={open?.key} onChange={choose} items={parts} />
}

function Stages({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t, lang } = useText()
  const narrow = useNarrow()
  const pause = nameIn(lang, lifecycle.suspended, lifecycle.suspended_en)
  return (
    <Panel title={t('lifecycle.stages')} note={narrow ? undefined : t('lifecycle.stagesNote')}>
      {!narrow && <StageGraph lifecycle={lifecycle} />}
      <StageTable lifecycle={lifecycle} />
      {pause && <p className="pb-life-note">{t('lifecycle.pause', { name: pause })}</p>}
    </Panel>
  )
}

function Fields({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t, lang } = useText()
  return (
    <Panel title={t('lifecycle.fields')}>
      <DataTable
        caption={t('lifecycle.fields')}
        items={lifecycle.fields ?? []}
        rowKey={({ field }) => field}
        columns={[
          {
            key: 'name',
            title: t('lifecycle.field'),
            heading: true,
            render: ({ name, name_en }) => nameIn(lang, name, name_en),
          },
          { key: 'code', title: t('lifecycle.code'), render: ({ field }) => <code>{field}</code> },
          { key: 'kind', title: t('lifecycle.factKind'), render: ({ kind }) => t(`factKind.${kind}`, kind) },
          { key: 'unit', title: t('lifecycle.unit'), render: ({ unit }) => unitIn(unit) || '—' },
        ]}
      />
    </Panel>
  )
}

function Versions({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t, lang } = useText()
  return (
    <Panel title={t('lifecycle.versions')} note={t('lifecycle.versionsNote')}>
      <DataTable
        caption={t('lifecycle.versions')}
        items={lifecycle.version_list ?? []}
        rowKey={({ version, from, number }) => `${version}/${from}/${number}`}
        columns={[
          {
            key: 'version',
            title: t('lifecycle.version'),
            heading: true,
            render: ({ version }) => (version === 0 ? t('lifecycle.shipped') : String(version)),
          },
          { key: 'from', title: t('lifecycle.from'), nowrap: true, render: ({ from }) => day(from, lang) },
          { key: 'number', title: t('lifecycle.issuer'), render: ({ number }) => number || '—' },
          { key: 'reason', title: t('choose.reason'), render: ({ reason }) => reason || '—' },
          { key: 'actor', title: t('batch.actor'), render: ({ actor }) => actor || '—' },
          {
            key: 'at',
            title: t('batch.at'),
            nowrap: true,
            render: ({ version, at }) => (version === 0 ? '—' : moment(at, lang)),
          },
        ]}
      />
    </Panel>
  )
}
