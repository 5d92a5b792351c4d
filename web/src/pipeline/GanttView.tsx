import { useSearch } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Empty, Failure, Loading } from '../shared/states'
import { useNarrow } from '../shared/useNarrow'
import { useOrgs, useSetSearch } from '../shell/scope'
import { GanttChart } from './GanttChart'
import { GanttList } from './GanttList'
import { GanttPaper } from './GanttPaper'
import { useGantt } from './queries'
import { middleOf, type Zoom, zooms } from './scale'
import type { Filter } from './types'
import './gantt.css'

/** How many rows go to paper at most; whoever wants others filters. */
const mostPrinted = 1000

/** GanttView (横道图) draws plans over what happened. On a phone it is a list. */
export function GanttView({ filter }: { filter: Filter }) {
  const { t, lang } = useText()
  const narrow = useNarrow()
  const query = useGantt(filter)
  const search = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const [printing, setPrinting] = useState(false)
  const zoom = zooms.find((known) => known === search.zoom) ?? 'quarter'
  const pages = query.data?.pages
  const rows = useMemo(() => pages?.flatMap(({ items }) => items ?? []) ?? [], [pages])
  const orgs = useOrgs()
  const org = orgs.data?.find(({ id }) => id === filter.org)
  const place = filter.park ? rows[0]?.park_name : org && nameIn(lang, org.name, org.name_en)
  if (query.isPending) return <Loading height={520} />
  const first = pages?.[0]
  if (!first) return <Failure error={query.error} onRetry={() => query.refetch()} />
  if (rows.length === 0) return <Empty title={t('pipeline.none')} detail={t('pipeline.noneWhy')} />
  const stages = first.stages ?? []
  const today = middleOf(first.as_of) ?? 0
  return (
    <>
      <div className="pb-filters pb-pipe-filters">
        {!narrow && (
          <>
            <Segmented<Zoom>
              aria-label={t('gantt.zoom')}
              value={zoom}
              onChange={(next) => setSearch({ zoom: next }, true)}
              options={zooms.map((value) => ({ value, label: t(`period.${value}`) }))}
            />
            <Button onClick={() => setPrinting(true)}>{t('gantt.print')}</Button>
            <Button onClick={() => setSearch({ view: 'table' })}>{t('gantt.asTable')}</Button>
          </>
        )}
        <span role="status" className="pb-soft">
          {t(query.hasNextPage ? 'gantt.loaded' : 'gantt.all', { count: rows.length, total: first.total })}
          {' · '}
          {t('gantt.asOf', { day: day(first.as_of, lang) })}
        </span>
        {query.isError && <span role="alert">{t('state.failed')}</span>}
      </div>
      {narrow ? (
        <GanttList rows={rows} stages={stages} today={today} />
      ) : (
        <GanttChart key={filter.lifecycle} rows={rows} stages={stages} today={today} zoom={zoom} />
      )}
      {printing && (
        <GanttPaper
          title={[nameIn(lang, first.lifecycle.name, first.lifecycle.name_en), place]
            .filter(Boolean)
            .join(' · ')}
          rows={rows.slice(0, mostPrinted)}
          total={first.total}
          stages={stages}
          today={today}
          asOf={first.as_of}
          onDone={() => setPrinting(false)}
        />
      )}
    </>
  )
}
