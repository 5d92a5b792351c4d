import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Column, DataTable } from '../shared/DataTable'
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { calls } from './http'
import { LightPanel } from './LightPanel'
import type { LifecycleHead } from './types'

/** LifecyclesPage (流程) lists the ways that tenancies and projects take, each in the version in force. */
export function LifecyclesPage() {
  const { t, lang } = useText()
  const lifecycles = useQuery({
    queryKey: ['lifecycles'],
    queryFn: async ({ signal }) => (await calls.list(signal)).items ?? [],
  })
  const columns: Column<LifecycleHead>[] = [
    {
      key: 'name',
      title: t('lifecycle.name'),
      heading: true,
      render: ({ code, name, name_en }) => (
        <Link to="/lifecycles/$code" params={{ code }}>
          {nameIn(lang, name, name_en)}
        </Link>
      ),
    },
    { key: 'of', title: t('lifecycle.of'), nowrap: true, render: ({ of }) => t(`lifecycleOf.${of}`) },
    { key: 'from', title: t('lifecycle.from'), nowrap: true, render: ({ from }) => day(from, lang) },
    {
      key: 'issuer',
      title: t('lifecycle.issuer'),
      render: ({ issuer, number }) => [issuer, number].filter(Boolean).join(' · '),
    },
    {
      key: 'city',
      title: t('pack.version'),
      nowrap: true,
      render: ({ city }) => t(city ? 'lifecycle.own' : 'pack.shipped'),
    },
    { key: 'versions', title: t('pack.versions'), numeric: true, render: ({ versions }) => versions },
  ]
  return (
    <div className="pb-page">
      <PageHead title={t('lifecycle.title')} note={t('lifecycle.note')} />
      <Panel title={t('lifecycle.list')}>
        <Loaded
          query={lifecycles}
          height={320}
          empty={(items) => items.length === 0}
          emptyText={t('lifecycle.none')}
        >
          {(items) => (
            <DataTable
              caption={t('lifecycle.list')}
              columns={columns}
              items={items}
              rowKey={({ code }) => code}
            />
          )}
        </Loaded>
      </Panel>
      <LightPanel />
    </div>
  )
}
