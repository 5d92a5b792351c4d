import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { ProjectTable } from '../project/ProjectTable'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { api, ask } from '../shared/api'
import { type Column, DataTable } from '../shared/DataTable'
import { day, quantity } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { Empty, Failure, Loading } from '../shared/states'
import type { ParkPage as Page } from '../shared/types'
import { TenancyTable } from '../tenancy/TenancyTable'
import { Counts } from './Counts'
import { EditPark } from './EditPark'
import { Figures } from './Figures'
import { Pilot } from './ParkLedger'
import { RecordFigure } from './RecordFigure'
import './park.css'

/** ParkPage shows everything that is known of one park, and who said it. */
export function ParkPage() {
  const { id } = useParams({ strict: false })
  const park = useQuery({
    queryKey: ['park', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/parks/{id}', { params: { path: { id: id ?? '' } }, signal })),
  })
  if (park.isPending) return <Loading height={560} />
  if (!park.data) return <Missing error={park.error} onRetry={park.refetch} />
  return <Known park={park.data} />
}

function Missing({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useText()
  return (
    <div className="pb-page">
      <PageHead title={t('park.one')} />
      <Failure error={error} onRetry={onRetry} />
    </div>
  )
}

function Known({ park }: { park: Page }) {
  const { t } = useText()
  const me = useMe()
  const [form, setForm] = useState<'figure' | 'edit' | null>(null)
  const close = () => setForm(null)
  return (
    <div className="pb-page">
      <PageHead title={park.name} note={<Line park={park} />}>
        {can(me, 'park.edit') && <Button onClick={() => setForm('edit')}>{t('park.edit')}</Button>}
        {can(me, 'figure.record') && (
          <Button type="primary" onClick={() => setForm('figure')}>
            {t('park.record')}
          </Button>
        )}
      </PageHead>
      <Header park={park} />
      <div className="pb-split">
        <Panel title={t('park.figures')} note={t('park.figuresNote')}>
          <Figures park={park} />
        </Panel>
        <div className="pb-column">
          <Counts park={park} />
          <Nested park={park} />
          <Zone park={park} />
        </div>
      </div>
      <Phases park={park} />
      <Panel title={t('park.tenants')}>
        <TenancyTable filter={{ park: park.id }} hidePark limit={10} />
      </Panel>
      <Panel title={t('park.projects')}>
        <ProjectTable filter={{ park: park.id }} hidePark limit={10} />
      </Panel>
      <Original park={park} />
      <RecordFigure park={park} open={form === 'figure'} onClose={close} />
      <EditPark park={park} open={form === 'edit'} onClose={close} />
    </div>
  )
}

function Line({ park }: { park: Page }) {
  const { t, lang } = useText()
  return (
    <>
      {nameIn(lang, park.org_name, park.org_name_en)}
      {park.pilot && <Pilot />}
      {(park.aliases ?? []).length > 0 &&
        ` · ${t('park.alsoCalled', { names: park.aliases?.join(t('app.comma')) })}`}
    </>
  )
}

function Header({ park }: { park: Page }) {
  const { t } = useText()
  const facts = [
    ['mode', park.mode],
    ['developer', park.developer],
    ['industry', park.leading_industry],
    ['officialNo', park.official_no],
    ['photoNo', park.photo_no],
  ] as const
  return (
    <Panel title={t('park.facts')}>
      <dl className="pb-facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{t(`park.${name}`)}</dt>
            <dd>{text || <span className="pb-soft">{t('park.unknown')}</span>}</dd>
          </div>
        ))}
        <div>
          <dt>{t('park.pilot')}</dt>
          <dd>
            {park.pilot == null ? (
              <span className="pb-soft">{t('park.unknown')}</span>
            ) : (
              t(park.pilot ? 'app.yes' : 'app.no')
            )}
          </dd>
        </div>
      </dl>
    </Panel>
  )
}

type PhaseRow = NonNullable<Page['phases']>[number]

function Phases({ park }: { park: Page }) {
  const { t, lang } = useText()
  const phases = park.phases ?? []
  const columns: Column<PhaseRow>[] = [
    {
      key: 'name',
      title: t('phase.name'),
      heading: true,
      render: (phase) => (
        <>
          {phase.name || t('phase.no', { no: phase.no })} <Nature nature={phase.nature} />
        </>
      ),
    },
    {
      key: 'built',
      title: t('phase.built'),
      numeric: true,
      render: (phase) => quantity(phase.floor_area_built_m2, 'm2', lang),
    },
    {
      key: 'lettable',
      title: t('phase.lettable'),
      numeric: true,
      render: (phase) => quantity(phase.lettable_area_m2, 'm2', lang),
    },
    {
      key: 'completed',
      title: t('phase.completed'),
      nowrap: true,
      render: (phase) => day(phase.completed, lang),
    },
    { key: 'opened', title: t('phase.opened'), nowrap: true, render: (phase) => day(phase.opened, lang) },
  ]
  return (
    <Panel title={t('park.phases')}>
      {phases.length === 0 ? (
        <Empty title={t('phase.none')} />
      ) : (
        <DataTable
          caption={t('park.phases')}
          columns={columns}
          items={phases}
          rowKey={(phase) => String(phase.no)}
        />
      )}
    </Panel>
  )
}

function Nested({ park }: { park: Page }) {
  const { t } = useText()
  const children = park.children ?? []
  if (children.length === 0 && !park.parent) return null
  return (
    <Panel title={t('park.nesting')}>
      <ul className="pb-plain">
        {park.parent && (
          <li>
            {t('park.inside')} <ParkLink id={park.parent} name={t('park.parentPage')} />
          </li>
        )}
        {children.map((child) => (
          <li key={child.id}>
            {t('park.contains')} <ParkLink id={child.id} name={child.name} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Zone({ park }: { park: Page }) {
  const { t } = useText()
  const { zone } = park
  if (!zone) return null
  return (
    <Panel title={t('park.zone')} note={t('park.zoneNote')}>
      <dl className="pb-facts">
        <div>
          <dt>{t('park.zoneName')}</dt>
          <dd>
            {zone.name} <span className="pb-soft">{zone.code}</span>
          </dd>
        </div>
        <div>
          <dt>{t('park.zoneArea')}</dt>
          <dd className="pb-figures">
            {zone.area_ha == null ? '—' : t('park.hectares', { value: zone.area_ha.toLocaleString('en-US') })}
          </dd>
        </div>
        <div>
          <dt>{t('park.industry')}</dt>
          <dd>{zone.industries || '—'}</dd>
        </div>
      </dl>
    </Panel>
  )
}

function Original({ park }: { park: Page }) {
  const { t } = useText()
  const cells = (park.original_row ?? []).filter(({ text }) => text !== '')
  if (cells.length === 0) return null
  return (
    <Panel title={t('park.original')} note={t('park.originalNote')}>
      <dl className="pb-facts">
        {cells.map(({ key, column, ref, text }) => (
          <div key={key}>
            <dt title={ref}>{column || key}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
