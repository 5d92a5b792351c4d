import { useSearch } from '@tanstack/react-router'
import { Input, Select } from 'antd'
import { api, ask } from '../shared/api'
import type { Column } from '../shared/DataTable'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { PageHead } from '../shared/PageHead'
import { PageTable, usePages } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import type { Park } from '../shared/types'
import { useScope, useSetSearch } from '../shell/scope'
import { UsedFigure } from './Stated'
import './park.css'

const pilots = ['true', 'false'] as const

const sorts = [
  '-land_area',
  '-floor_area',
  '-investment',
  '-tenants_producing',
  '-leasing_rate',
  '-opened',
] as const

/** ParkLedger (园区台账) lists the parks of a place with the figures that the city uses. */
export function ParkLedger() {
  const { t, lang } = useText()
  const { org } = useScope()
  const { q, pilot, sort } = useSearch({ strict: false })
  const query = { org, q, pilot: pilots.find((known) => known === pilot), sort }
  const parks = usePages(['parks', query], (cursor, signal) =>
    ask(
      api.GET('/api/v1/parks', {
        params: { query: { ...query, cursor: cursor || undefined, limit: 50 } },
        signal,
      }),
    ),
  )
  const figure = (field: string, width?: number): Column<Park> => ({
    key: field,
    title: t(`field.${field}`),
    numeric: true,
    width,
    render: (park) => <UsedFigure used={park.figures?.[field]} />,
  })
  const columns: Column<Park>[] = [
    {
      key: 'name',
      title: t('park.name'),
      heading: true,
      width: '26%',
      render: (park) => <ParkName park={park} />,
    },
    {
      key: 'org',
      title: t('park.org'),
      nowrap: true,
      render: (park) => nameIn(lang, park.org_name, park.org_name_en),
    },
    figure('land_area'),
    figure('floor_area'),
    figure('investment'),
    figure('opened'),
    figure('tenants_signed'),
    figure('tenants_producing'),
    figure('leasing_rate'),
    {
      key: 'industry',
      title: t('park.industry'),
      wideOnly: true,
      width: '14%',
      render: (park) => park.leading_industry || <span className="pb-soft">—</span>,
    },
  ]
  return (
    <div className="pb-page">
      <PageHead title={t('page.parks')} note={t('park.ledgerNote')} />
      <Panel title={t('park.list')} extra={<Filters />}>
        <PageTable
          caption={t('page.parks')}
          query={parks}
          columns={columns}
          rowKey={({ id }) => id}
          emptyText={t('park.none')}
          emptyDetail={t('park.noneWhy')}
        />
      </Panel>
    </div>
  )
}

function ParkName({ park }: { park: Park }) {
  const { t } = useText()
  return (
    <>
      <ParkLink id={park.id} name={park.name} />
      {park.pilot && <Pilot />}
      {(park.aliases ?? []).length > 0 && (
        <>
          <br />
          <small className="pb-soft">
            {t('park.alsoCalled', { names: park.aliases?.join(t('app.comma')) })}
          </small>
        </>
      )}
    </>
  )
}

export function Pilot() {
  const { t } = useText()
  return (
    <span className="pb-pilot">
      <Glyph name="star" />
      {t('park.pilot')}
    </span>
  )
}

function Filters() {
  const { t } = useText()
  const { q, pilot, sort } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  return (
    <div className="pb-filters">
      <Input.Search
        aria-label={t('filter.name')}
        placeholder={t('filter.name')}
        defaultValue={q}
        key={q}
        onSearch={(text) => setSearch({ q: text.trim() || undefined })}
        style={{ width: 210 }}
      />
      <Select
        aria-label={t('park.pilotFilter')}
        value={pilot ?? ''}
        onChange={(next) => setSearch({ pilot: next || undefined })}
        options={[
          { value: '', label: t('park.pilotAll') },
          { value: 'true', label: t('park.pilotOnly') },
          { value: 'false', label: t('park.pilotNot') },
        ]}
        style={{ width: 130 }}
      />
      <Select
        aria-label={t('park.sort')}
        value={sort ?? ''}
        onChange={(next) => setSearch({ sort: next || undefined })}
        options={[
          { value: '', label: t('park.sortPlace') },
          ...sorts.map((value) => ({
            value,
            label: t('park.sortBy', { field: t(`field.${value.slice(1)}`) }),
          })),
        ]}
        style={{ width: 190 }}
      />
    </div>
  )
}
