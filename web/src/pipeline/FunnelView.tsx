import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { Segmented, Select } from 'antd'
import { useMe } from '../session/session'
import { type Column, DataTable } from '../shared/DataTable'
import { day, percent, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { isPeriod, periodsBetween } from '../shared/period'
import { useSetSearch } from '../shell/scope'
import { Filters } from './Filters'
import { calls } from './http'
import type { Filter, Funnel, FunnelRow, FunnelStage, Lifecycle, StageName } from './types'

const measures = ['reached', 'now', 'conversion', 'days'] as const
type Measure = (typeof measures)[number]

interface FunnelViewProps {
  filter: Filter
  lifecycles: Lifecycle[]
  title: string
}

/** FunnelView (漏斗) counts how far everything came, in all and by county or park. Each count opens its rows. */
export function FunnelView({ filter, lifecycles, title }: FunnelViewProps) {
  const { t, lang } = useText()
  const search = useSearch({ strict: false })
  const by = search.by === 'park' ? 'park' : 'county'
  const month = isPeriod(search.month) ? search.month : undefined
  const { stage: _, ...limits } = filter
  const query = { ...limits, by, month }
  const funnel = useQuery({
    queryKey: ['pipeline', 'funnel', query],
    queryFn: ({ signal }) => calls.funnel(query, signal),
  })
  return (
    <div className="pb-column">
      <Panel
        title={title}
        note={funnel.data?.as_of && t('gantt.asOf', { day: day(funnel.data.as_of, lang) })}
        extra={<MonthSelect month={month} />}
      >
        <Filters lifecycles={lifecycles} filter={filter} stages={false} />
        <Loaded
          query={funnel}
          height={360}
          empty={({ total }) => !total.stages?.some(({ reached }) => reached > 0)}
          emptyText={t('pipeline.none')}
        >
          {(funnel) => <Whole funnel={funnel} month={month} />}
        </Loaded>
      </Panel>
      <Panel title={t(by === 'park' ? 'funnel.byPark' : 'funnel.byCounty')} extra={<Split by={by} />}>
        <Loaded query={funnel} height={280} empty={({ items }) => !items?.length}>
          {(funnel) => <Places funnel={funnel} by={by} month={month} />}
        </Loaded>
      </Panel>
    </div>
  )
}

function MonthSelect({ month }: { month: string | undefined }) {
  const { t, lang } = useText()
  const me = useMe()
  const setSearch = useSetSearch()
  return (
    <Select
      aria-label={t('funnel.month')}
      value={month ?? ''}
      onChange={(next) => setSearch({ month: next || undefined })}
      options={[
        { value: '', label: t('funnel.now') },
        ...periodsBetween(me.first_period || me.last_period, me.last_period, 'month').map((value) => ({
          value,
          label: t('funnel.endOf', { month: periodName(value, lang) }),
        })),
      ]}
      style={{ width: 160 }}
    />
  )
}

function Split({ by }: { by: 'county' | 'park' }) {
  const { t } = useText()
  const { measure: wanted } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  return (
    <div className="pb-filters">
      <Segmented
        aria-label={t('pipeline.group')}
        value={by}
        onChange={(next) => setSearch({ by: next === 'park' ? 'park' : undefined })}
        options={(['county', 'park'] as const).map((value) => ({
          value,
          label: t(`pipelineGroup.${value}`),
        }))}
      />
      <Select<Measure>
        aria-label={t('funnel.measure')}
        value={measures.find((known) => known === wanted) ?? 'reached'}
        onChange={(next) => setSearch({ measure: next }, true)}
        options={measures.map((value) => ({ value, label: t(`funnelMeasure.${value}`) }))}
        style={{ width: 130 }}
      />
    </div>
  )
}

interface CountProps {
  count: number
  stage: string
  reached: boolean
  month: string | undefined
  place?: { org?: string; park?: string }
  label: string
}

/** Count is a number that opens its rows. */
function Count({ count, stage, reached, month, place, label }: CountProps) {
  if (count === 0) return <>0</>
  return (
    <Link
      to="/pipeline"
      search={(old: Record<string, string | undefined>) => ({
        ...old,
        ...place,
        view: 'table',
        stage,
        reached: reached ? '1' : undefined,
        month,
      })}
      className="pb-figures"
      aria-label={label}
    >
      {count.toLocaleString('en-US')}
    </Link>
  )
}

function Whole({ funnel, month }: { funnel: Funnel; month: string | undefined }) {
  const { t, lang } = useText()
  const counts = funnel.total.stages ?? []
  const most = Math.max(1, ...counts.map(({ reached }) => reached))
  return (
    <ol className="pb-funnel" aria-label={t('funnel.whole')}>
      {counts.map((count) => {
        const name = stageOf(funnel.stages, count.stage, lang)
        return (
          <li key={count.stage}>
            <span className="pb-funnel-name">{name}</span>
            <span className="pb-funnel-bar" aria-hidden="true">
              <i style={{ width: `${(count.reached / most) * 100}%` }} />
              <i className="now" style={{ width: `${(count.now / most) * 100}%` }} />
            </span>
            <span className="pb-funnel-figures">
              <span>
                {t('funnelMeasure.reached')}{' '}
                <Count
                  count={count.reached}
                  stage={count.stage}
                  reached
                  month={month}
                  label={t('funnel.openReached', { count: count.reached, stage: name })}
                />
              </span>
              <span>
                {t('funnelMeasure.now')}{' '}
                <Count
                  count={count.now}
                  stage={count.stage}
                  reached={false}
                  month={month}
                  label={t('funnel.openNow', { count: count.now, stage: name })}
                />
              </span>
              <span>
                {t('funnelMeasure.conversion')} {shareOf(count)}
              </span>
              <span>
                {t('funnelMeasure.days')}{' '}
                {count.median_days === null
                  ? '—'
                  : t('pipeline.days', { count: Math.round(count.median_days) })}
              </span>
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function stageOf(stages: readonly StageName[] | null, code: string, lang: 'zh-CN' | 'en'): string {
  const stage = stages?.find((known) => known.code === code)
  return stage ? nameIn(lang, stage.name, stage.name_en) : code
}

function shareOf({ conversion }: FunnelStage): string {
  return conversion === null ? '—' : percent(conversion, 0)
}

interface PlacesProps {
  funnel: Funnel
  by: 'county' | 'park'
  month: string | undefined
}

function Places({ funnel, by, month }: PlacesProps) {
  const { t, lang } = useText()
  const { measure: wanted } = useSearch({ strict: false })
  const measure = measures.find((known) => known === wanted) ?? 'reached'
  const columns: Column<FunnelRow>[] = [
    {
      key: 'name',
      title: t(by === 'park' ? 'tenancy.park' : 'park.org'),
      heading: true,
      render: (row) => <Place row={row} by={by} />,
    },
    ...(funnel.stages ?? []).map(
      (stage): Column<FunnelRow> => ({
        key: stage.code,
        title: nameIn(lang, stage.name, stage.name_en),
        numeric: true,
        render: (row) => {
          const count = row.stages?.find((known) => known.stage === stage.code)
          if (!count) return '—'
          if (measure === 'conversion') return shareOf(count)
          if (measure === 'days') return count.median_days === null ? '—' : Math.round(count.median_days)
          const value = measure === 'reached' ? count.reached : count.now
          const place = by === 'park' ? { park: row.id } : { org: row.id, park: undefined }
          const name = nameIn(lang, stage.name, stage.name_en)
          return row.id === '' ? (
            value.toLocaleString('en-US')
          ) : (
            <Count
              count={value}
              stage={stage.code}
              reached={measure === 'reached'}
              month={month}
              place={place}
              label={t(measure === 'reached' ? 'funnel.openReached' : 'funnel.openNow', {
                count: value,
                stage: name,
              })}
            />
          )
        },
      }),
    ),
  ]
  return (
    <DataTable
      caption={t(by === 'park' ? 'funnel.byPark' : 'funnel.byCounty')}
      columns={columns}
      items={funnel.items ?? []}
      rowKey={({ id }) => id || '-'}
    />
  )
}

/** Place names a row; a county leads to its parks. */
function Place({ row, by }: { row: FunnelRow; by: 'county' | 'park' }) {
  const { t, lang } = useText()
  const name = nameIn(lang, row.name, row.name_en) || t('pipeline.noPark')
  if (by === 'park' || row.id === '') return <>{name}</>
  return (
    <Link
      to="/pipeline"
      search={(old: Record<string, string | undefined>) => ({
        ...old,
        org: row.id,
        park: undefined,
        by: 'park',
      })}
    >
      {name}
    </Link>
  )
}
