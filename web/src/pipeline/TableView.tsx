import { useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { type Column, DataTable } from '../shared/DataTable'
import { day, periodName, quantity } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageTable, usePages } from '../shared/PageTable'
import { useSetSearch } from '../shell/scope'
import { calls } from './http'
import { type Grouping, groupings, groupsOf, keyOf, sumOf } from './lanes'
import { Days, Late, Light, lightWhy, Slip, SubjectLink } from './parts'
import { useMoves, useOfficerName, useStages } from './queries'
import { Replan } from './Replan'
import type { Filter, StageName, TableRow } from './types'

const sorts = ['name', 'since', 'next_planned', 'slip', 'area', 'investment', 'problems'] as const
type Sort = (typeof sorts)[number]

/** The order asked of the server: the largest first where that is what one looks for. */
const orders: Record<Sort, string> = {
  name: 'name',
  since: 'since',
  next_planned: 'next_planned',
  slip: '-slip',
  area: '-area',
  investment: '-investment',
  problems: '-problems',
}
const groupOrders: Record<Grouping, string> = { county: 'org', park: 'park', stage: 'stage' }

/** TableView (表格) lists the same subjects; the next planned day is changed in its place, with a reason. */
export function TableView({ filter }: { filter: Filter }) {
  const { t, lang } = useText()
  const search = useSearch({ strict: false })
  const sort = sorts.find((known) => known === search.sort)
  const group = groupings.find((known) => known === search.group)
  const query = {
    ...filter,
    sort: sort ? orders[sort] : group && groupOrders[group],
    reached: search.reached,
    month: search.month,
  }
  const rows = usePages(['pipeline', 'table', query, group !== undefined], (cursor, signal) =>
    calls.table({ ...query, cursor: cursor || undefined, limit: group ? 500 : 50 }, signal),
  )
  const stages = useStages(filter.lifecycle).data ?? []
  const stageName = (code: string) => {
    const known = stages.find((stage) => stage.code === code)
    return known ? nameIn(lang, known.name, known.name_en) : code
  }
  const columns = useColumns(filter, stageName)
  const grouped = group && (rows.data?.pages.some(({ items }) => items?.length) ?? false)
  return (
    <>
      <Order sort={sort} group={group} />
      {filter.stage && (search.reached === '1' || search.month) && (
        <p className="pb-soft">
          {t(search.reached === '1' ? 'pipeline.reachedOnly' : 'pipeline.standingOnly', {
            stage: stageName(filter.stage),
          })}{' '}
          {search.month && t('funnel.endOf', { month: periodName(search.month, lang) })}
        </p>
      )}
      {grouped ? (
        <Grouped rows={rows} by={group} columns={columns} stages={stages} />
      ) : (
        <PageTable
          caption={t('pipelineView.table')}
          query={rows}
          columns={columns}
          rowKey={keyOf}
          emptyText={t('pipeline.none')}
          emptyDetail={t('pipeline.noneWhy')}
        />
      )}
    </>
  )
}

function Order({ sort, group }: { sort: string | undefined; group: string | undefined }) {
  const { t } = useText()
  const setSearch = useSetSearch()
  return (
    <div className="pb-filters pb-pipe-filters">
      <Select
        aria-label={t('pipeline.sort')}
        value={sort ?? ''}
        onChange={(next) => setSearch({ sort: next || undefined })}
        options={[
          { value: '', label: t('pipeline.sortDefault') },
          ...sorts.map((value) => ({ value, label: t(`pipelineSort.${value}`) })),
        ]}
        style={{ width: 190 }}
      />
      <Select
        aria-label={t('pipeline.group')}
        value={group ?? ''}
        onChange={(next) => setSearch({ group: next || undefined })}
        options={[
          { value: '', label: t('pipeline.noGroup') },
          ...groupings.map((value) => ({ value, label: t(`pipelineGroup.${value}`) })),
        ]}
        style={{ width: 150 }}
      />
    </div>
  )
}

interface GroupedProps {
  rows: ReturnType<typeof usePages<TableRow, { items: TableRow[] | null; next: string }>>
  by: Grouping
  columns: Column<TableRow>[]
  stages: readonly StageName[]
}

/** Grouped shows what is loaded under the name of each group. */
function Grouped({ rows, by, columns, stages }: GroupedProps) {
  const { t, lang } = useText()
  const items = rows.data?.pages.flatMap((page) => page.items ?? []) ?? []
  const names = {
    org: (row: TableRow) => nameIn(lang, row.org_name, row.org_name_en),
    stage: (code: string) => {
      const known = stages.find((stage) => stage.code === code)
      return known ? nameIn(lang, known.name, known.name_en) : t('pipeline.noStage')
    },
    noPark: t('pipeline.noPark'),
  }
  const groups = groupsOf(
    items,
    by,
    names,
    stages.map(({ code }) => code),
  )
  return (
    <>
      {groups.map(({ key, name, rows }) => (
        <section key={key} className="pb-pipe-group" aria-label={name}>
          <h3>
            {name} <small className="pb-soft">{t('pipeline.groupCount', { count: rows.length })}</small>
          </h3>
          <DataTable caption={name} columns={columns} items={rows} rowKey={keyOf} />
        </section>
      ))}
      <div className="pb-more">
        <span role="status">
          {t(rows.hasNextPage ? 'table.shownSoFar' : 'table.shownAll', { count: items.length })}
        </span>
        {rows.isError && <span role="alert">{t('state.failed')}</span>}
        {rows.hasNextPage && (
          <Button onClick={() => rows.fetchNextPage()} loading={rows.isFetchingNextPage}>
            {t('action.more')}
          </Button>
        )}
      </div>
    </>
  )
}

function useColumns(filter: Filter, stageName: (code: string) => string): Column<TableRow>[] {
  const { t, lang } = useText()
  const moves = useMoves()
  const nameOf = useOfficerName()
  return [
    {
      key: 'name',
      title: t(filter.kind === 'tenancy' ? 'tenancy.enterprise' : 'project.name'),
      heading: true,
      render: (row) => (
        <>
          <SubjectLink of={row} /> <Nature nature={row.nature} />
        </>
      ),
    },
    {
      key: 'place',
      title: t('tenancy.park'),
      render: (row) => (
        <>
          {row.park ? <ParkLink id={row.park} name={row.park_name} /> : t('pipeline.noPark')}{' '}
          <small className="pb-soft">{nameIn(lang, row.org_name, row.org_name_en)}</small>
        </>
      ),
    },
    {
      key: 'sum',
      title: t(filter.kind === 'tenancy' ? 'tenancy.area' : 'project.investment'),
      numeric: true,
      render: (row) => {
        const sum = sumOf(row, filter.kind)
        return quantity(sum.value, sum.unit, lang)
      },
    },
    {
      key: 'stage',
      title: t('tenancy.stage'),
      render: (row) => (
        <>
          {row.stage ? stageName(row.stage) : t('pipeline.noStage')}{' '}
          {row.since && <small className="pb-soft pb-pipe-since">{day(row.since, lang)}</small>}
        </>
      ),
    },
    { key: 'days', title: t('pipeline.inStage'), render: (row) => <Days card={row} /> },
    {
      key: 'light',
      title: t('pipeline.light'),
      nowrap: true,
      render: (row) => <Light light={row.light} why={lightWhy(row, lang)} />,
    },
    {
      key: 'next',
      title: t('pipeline.next'),
      width: '17%',
      render: (row) => (
        <>
          {row.next_stage ? <Replan row={row} stageName={stageName} editable={moves} /> : '—'}
          {row.late && (
            <>
              {' '}
              <Late />
            </>
          )}
        </>
      ),
    },
    { key: 'slip', title: t('pipeline.slip'), nowrap: true, render: (row) => <Slip days={row.slip_days} /> },
    {
      key: 'officer',
      title: t('pipeline.officer'),
      nowrap: true,
      render: ({ officer }) =>
        officer ? nameOf(officer) : <span className="pb-soft">{t('pipeline.unassigned')}</span>,
    },
  ]
}
