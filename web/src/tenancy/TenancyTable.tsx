import { Link } from '@tanstack/react-router'
import { api, ask } from '../shared/api'
import type { Column } from '../shared/DataTable'
import { day, quantity } from '../shared/format'
import { useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageTable, usePages } from '../shared/PageTable'
import type { Tenancy } from '../shared/types'
import { Stage } from './Stage'

interface TenancyFilter {
  org?: string
  park?: string
  enterprise?: string
  stage?: string
}

/** TenancyTable lists tenancies with the dates of their stages side by side. */
export function TenancyTable({
  filter,
  hidePark,
  limit = 50,
}: {
  filter: TenancyFilter
  hidePark?: boolean
  limit?: number
}) {
  const { t, lang } = useText()
  const tenancies = usePages(['tenancies', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/tenancies', {
        params: { query: { ...filter, cursor: cursor || undefined, limit } },
        signal,
      }),
    ),
  )
  const dated = (stage: string): Column<Tenancy> => ({
    key: stage,
    title: t(`stage.${stage}`),
    nowrap: true,
    render: (tenancy) => day(counted(tenancy, stage), lang),
  })
  const columns: Column<Tenancy>[] = [
    {
      key: 'enterprise',
      title: t('tenancy.enterprise'),
      heading: true,
      render: (tenancy) => (
        <>
          <Link to="/tenancies/$id" params={{ id: tenancy.id }}>
            {tenancy.enterprise_name}
          </Link>{' '}
          <Nature nature={tenancy.nature} />
          {tenancy.relocated && <span className="pb-soft"> {t('tenancy.relocated')}</span>}
        </>
      ),
    },
    {
      key: 'park',
      title: t('tenancy.park'),
      render: (tenancy) => <ParkLink id={tenancy.park} name={tenancy.park_name} />,
    },
    { key: 'stage', title: t('tenancy.stage'), render: (tenancy) => <Stage stage={tenancy.stage} /> },
    {
      key: 'area',
      title: t('tenancy.area'),
      numeric: true,
      render: (tenancy) => quantity(tenancy.area_m2, 'm2', lang),
    },
    ...['signed', 'handed_over', 'fitting_out', 'production', 'enrolled'].map(dated),
  ]
  return (
    <PageTable
      caption={t('page.tenancies')}
      query={tenancies}
      columns={hidePark ? columns.filter(({ key }) => key !== 'park') : columns}
      rowKey={({ id }) => id}
      height={200}
      emptyText={t('tenancy.none')}
    />
  )
}

/** counted gives the date of the entry that the ledger counts for a stage. */
export function counted(tenancy: Pick<Tenancy, 'stages'>, stage: string): string | undefined {
  return tenancy.stages?.find((entry) => entry.stage === stage && entry.counts)?.date
}
