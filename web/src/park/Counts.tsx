import { useQueries } from '@tanstack/react-query'
import { readingQuery } from '../cockpit/queries'
import { type Column, DataTable } from '../shared/DataTable'
import { quantity } from '../shared/format'
import { useText } from '../shared/i18n'
import { Natures } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import type { ParkPage } from '../shared/types'
import { useScope } from '../shell/scope'
import { UsedFigure } from './Stated'

const pairs = [
  { field: 'tenants_signed', indicator: 'tenancy.signed.cumulative' },
  { field: 'tenants_producing', indicator: 'tenancy.production.cumulative' },
  { field: 'tenants_enrolled', indicator: 'tenancy.enrolled.cumulative' },
] as const

/** Counts sets what a source declared of the tenants beside what the ledger counts. */
export function Counts({ park }: { park: ParkPage }) {
  const { t, lang } = useText()
  const { period } = useScope()
  const counted = useQueries({
    queries: pairs.map(({ indicator }) => readingQuery({ indicator, org: park.org, park: park.id, period })),
  })
  const items = pairs.map((pair, index) => ({ ...pair, reading: counted[index]?.data }))
  type Item = (typeof items)[number]
  const columns: Column<Item>[] = [
    { key: 'name', title: t('counts.what'), heading: true, render: ({ field }) => t(`field.${field}`) },
    {
      key: 'declared',
      title: t('counts.declared'),
      numeric: true,
      render: ({ field }) => <UsedFigure used={park.figures?.[field]} />,
    },
    {
      key: 'counted',
      title: t('counts.counted'),
      numeric: true,
      render: ({ reading }) => (
        <>
          {quantity(reading?.value, 'count', lang)} <Natures natures={reading?.natures} />
        </>
      ),
    },
  ]
  return (
    <Panel title={t('counts.title')} note={t('counts.note')}>
      <DataTable
        caption={t('counts.title')}
        columns={columns}
        items={items}
        rowKey={({ field }) => field}
        compact
      />
    </Panel>
  )
}
