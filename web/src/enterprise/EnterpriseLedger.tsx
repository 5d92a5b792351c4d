import { useSearch } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { api, ask } from '../shared/api'
import type { Column } from '../shared/DataTable'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { EnterpriseLink, ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageHead } from '../shared/PageHead'
import { PageTable, usePages } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import type { Enterprise } from '../shared/types'
import { useScope, useSetSearch } from '../shell/scope'
import { Stage } from '../tenancy/Stage'
import { stages } from '../tenancy/stages'

/** EnterpriseLedger (企业台账) lists the enterprises of a place. */
export function EnterpriseLedger() {
  const { t, lang } = useText()
  const { org, park } = useScope()
  const { q, stage, industry } = useSearch({ strict: false })
  const query = { org, park, q, stage, industry }
  const enterprises = usePages(['enterprises', query], (cursor, signal) =>
    ask(
      api.GET('/api/v1/enterprises', {
        params: { query: { ...query, cursor: cursor || undefined, limit: 50 } },
        signal,
      }),
    ),
  )
  const columns: Column<Enterprise>[] = [
    {
      key: 'name',
      title: t('enterprise.name'),
      heading: true,
      width: '30%',
      render: (enterprise) => (
        <>
          <EnterpriseLink id={enterprise.id} name={enterprise.name} /> <Nature nature={enterprise.nature} />
        </>
      ),
    },
    {
      key: 'uscc',
      title: t('enterprise.uscc'),
      wideOnly: true,
      render: ({ uscc }) => <span className="pb-figures">{uscc}</span>,
    },
    {
      key: 'org',
      title: t('park.org'),
      nowrap: true,
      render: ({ org_name, org_name_en }) => nameIn(lang, org_name, org_name_en),
    },
    { key: 'park', title: t('tenancy.park'), render: ({ parks }) => <Parks parks={parks} /> },
    {
      key: 'industry',
      title: t('enterprise.industry'),
      render: (enterprise) => <Industry enterprise={enterprise} />,
    },
    { key: 'stage', title: t('tenancy.stage'), render: (enterprise) => <Stage stage={enterprise.stage} /> },
  ]
  return (
    <div className="pb-page">
      <PageHead title={t('page.enterprises')} />
      <Panel title={t('enterprise.list')} extra={<Filters />}>
        <PageTable
          caption={t('page.enterprises')}
          query={enterprises}
          columns={columns}
          rowKey={({ id }) => id}
          emptyText={t('enterprise.none')}
          emptyDetail={t('park.noneWhy')}
        />
      </Panel>
    </div>
  )
}

export function Parks({ parks }: { parks: Enterprise['parks'] }) {
  if (!parks?.length) return <span className="pb-soft">—</span>
  return parks.map((park, index) => (
    <span key={park.id}>
      {index > 0 && ' · '}
      <ParkLink id={park.id} name={park.name} />
    </span>
  ))
}

function Industry({ enterprise }: { enterprise: Enterprise }) {
  if (!enterprise.industry) return <span className="pb-soft">—</span>
  return (
    <>
      {enterprise.industry_name || enterprise.industry}{' '}
      <span className="pb-soft pb-figures">{enterprise.industry}</span>
    </>
  )
}

function Filters() {
  const { t } = useText()
  const { q, stage, industry } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  return (
    <div className="pb-filters">
      {industry && (
        <Button icon={<Glyph name="close" />} onClick={() => setSearch({ industry: undefined })}>
          {t('trail.industry', { code: industry })}
        </Button>
      )}
      <Input.Search
        aria-label={t('filter.enterprise')}
        placeholder={t('filter.enterprise')}
        defaultValue={q}
        key={q}
        onSearch={(text) => setSearch({ q: text.trim() || undefined })}
        style={{ width: 240 }}
      />
      <Select
        aria-label={t('tenancy.stage')}
        value={stage ?? ''}
        onChange={(next) => setSearch({ stage: next || undefined })}
        options={[
          { value: '', label: t('tenancy.allStages') },
          ...stages.map((value) => ({ value, label: t(`stage.${value}`) })),
        ]}
        style={{ width: 140 }}
      />
    </div>
  )
}
