import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { lazy } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { DataTable } from '../shared/DataTable'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { PackParts, PackVersions } from '../shared/PackParts'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
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
              note={`${t(known.city ? 'lifecycle.own' : 'pack.shipped')} · ${[known.issuer, known.number].filter(Boolean).join(' · ')}`}
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
  const { tab } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const parts = [
    { key: 'stages', label: t('lifecycle.stages'), children: <Stages lifecycle={lifecycle} /> },
    { key: 'fields', label: t('lifecycle.fields'), children: <Fields lifecycle={lifecycle} /> },
    { key: 'versions', label: t('pack.versions'), children: <Versions lifecycle={lifecycle} /> },
    ...(can(me, 'lifecycle.edit')
      ? [{ key: 'edit', label: t('lifecycle.edit'), children: <LifecycleEditor lifecycle={lifecycle} /> }]
      : []),
  ]
  return <PackParts parts={parts} open={tab} onOpen={(tab) => setSearch({ tab })} />
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
  const { t } = useText()
  return (
    <PackVersions
      note={t('lifecycle.versionsNote')}
      versions={lifecycle.version_list ?? []}
      from={t('lifecycle.from')}
      number={t('lifecycle.issuer')}
    />
  )
}
