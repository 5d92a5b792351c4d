import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { BasisTag } from '../shared/BasisTag'
import { type Column, DataTable } from '../shared/DataTable'
import { moment, quantity } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { Loaded, Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { LandDrawer } from './LandDrawer'
import { stageNameOf } from './marks'
import { PromiseDrawer } from './PromiseDrawer'
import { PromiseTable } from './PromiseTable'
import { usePromises } from './queries'
import { RampChart } from './RampChart'
import { type Series, seriesOf } from './ramp'
import type { Asked, Land, Measure, PromiseBasis, PromiseItem, PromiseRow, Promises, Track } from './types'
import { may } from './view'
import { clockOf, clockWords, yearWords } from './words'
import './promise.css'

/** PromisePanel shows what was promised, what a county's rule asks, and what was filed, year by year. */
export function PromisePanel({ track }: { track: Track }) {
  const { t } = useText()
  const promises = usePromises(track)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [land, setLand] = useState(false)
  const record = promises.data ? may(promises.data, 'record') : false
  return (
    <Panel
      title={t('promise.title')}
      note={promises.data && <Overall promises={promises.data} />}
      extra={
        record && (
          <>
            <Button size="small" onClick={() => setLand(true)}>
              {t('promise.landRecord')}
            </Button>
            <Button
              size="small"
              type="primary"
              onClick={() => setAsked({ measure: 'output', basis: 'total', fixed: false })}
            >
              {t('promise.add')}
            </Button>
          </>
        )
      }
    >
      <Loaded query={promises} height={260}>
        {(known) => (
          <>
            <Parts
              track={track}
              promises={known}
              onChange={record ? (measure, basis) => setAsked({ measure, basis, fixed: true }) : undefined}
            />
            <LandLine land={known.land} />
            <Items items={known.items ?? []} track={track} />
            {asked && (
              <PromiseDrawer track={track} promises={known} asked={asked} onClose={() => setAsked(null)} />
            )}
            {land && <LandDrawer track={track} land={known.land} onClose={() => setLand(false)} />}
          </>
        )}
      </Loaded>
    </Panel>
  )
}

function Overall({ promises }: { promises: Promises }) {
  const { t } = useText()
  if ((promises.rows ?? []).length === 0) return null
  return promises.attainment === null
    ? t('promise.attainmentUnknown')
    : t('promise.attainmentIs', { value: `${promises.attainment.toFixed(1)}%` })
}

interface PartsProps {
  track: Track
  promises: Promises
  /** Undefined where the user may not change promises. */
  onChange: ((measure: Measure, basis: PromiseBasis) => void) | undefined
}

function Parts({ track, promises, onChange }: PartsProps) {
  const { t } = useText()
  const series = seriesOf(promises.rows ?? [])
  if (series.length === 0) return <Empty title={t('promise.none')} detail={t('promise.noneWhy')} />
  return (
    <div className="pb-sub-series">
      {series.map((one) => (
        <OneSeries key={one.key} track={track} series={one} onChange={onChange} />
      ))}
    </div>
  )
}

function OneSeries({
  track,
  series,
  onChange,
}: {
  track: Track
  series: Series
  onChange: PartsProps['onChange']
}) {
  const { t, lang } = useText()
  const [table, setTable] = useState(false)
  const { first, rows } = series
  const contract = first.origin === 'contract'
  const clock = clockOf(first.clock)
  const title = t('promise.seriesOf', {
    measure: t(`promiseMeasure.${first.measure}`),
    basis: t(`promiseBasis.${first.basis}`),
  })
  const chart = rows.length > 1 && rows.some(({ promised, actual }) => promised !== null || actual !== null)
  const drawn = chart && !table
  const listed = drawn ? rows.filter(telling) : rows
  return (
    <section
      className={`pb-sub-serie ${listed.length > 0 ? 'wide' : ''}`}
      aria-label={`${title} ${nameIn(lang, first.name, first.name_en)}`}
    >
      <header>
        <h3>{title}</h3>
        <span className="pb-soft">
          {contract ? t('promise.contract') : nameIn(lang, first.name, first.name_en) || first.origin}
        </span>
        <div className="pb-panel-extra">
          {chart && (
            <Segmented
              size="small"
              aria-label={t('promise.shownAs')}
              value={table ? 'table' : 'chart'}
              onChange={(shown) => setTable(shown === 'table')}
              options={[
                { value: 'chart', label: t('promise.chart') },
                { value: 'table', label: t('promise.table') },
              ]}
            />
          )}
          {contract && onChange && (
            <Button size="small" onClick={() => onChange(first.measure, first.basis)}>
              {t('promise.change')}
            </Button>
          )}
        </div>
      </header>
      <p className="pb-soft">
        {clockWords(t, clock, stageNameOf(track.stages, clock.stage, lang))}
        {first.clock_deemed && t('promise.clockDeemed')} · {first.source || '—'}{' '}
        {!contract && <BasisTag basis={first.certain} />}
      </p>
      <div className="pb-sub-both">
        {drawn && <RampChart rows={rows} title={title} />}
        {listed.length > 0 && <PromiseTable rows={listed} caption={title} />}
      </div>
    </section>
  )
}

/** telling rows are said in words even below the chart: they ask for something to be done. */
const telling = ({ state }: PromiseRow) => state === 'breached' || state === 'breach_likely'

/** LandLine shows how the land was found that promises per mu are taken of. */
function LandLine({ land }: { land: Land }) {
  const { t, lang } = useText()
  const area = (m2: number | null) => quantity(m2, 'm2', lang)
  const mu = land.m2 === null ? '—' : ((land.m2 * 3) / 2000).toFixed(2)
  if (land.how === 'unknown') return <p className="pb-sub-land">{t('promise.landUnknown')}</p>
  if (land.how === 'stated')
    return (
      <p className="pb-sub-land">{t('promise.landStated', { mu, m2: area(land.m2), source: land.source })}</p>
    )
  return (
    <p className="pb-sub-land">
      {t('promise.landShare', {
        area: area(land.area_m2),
        floor: area(land.park_floor_m2),
        land: area(land.park_land_m2),
        m2: area(land.m2),
        mu,
      })}
    </p>
  )
}

function Items({ items, track }: { items: PromiseItem[]; track: Track }) {
  const { t, lang } = useText()
  if (items.length === 0) return null
  const columns: Column<PromiseItem>[] = [
    {
      key: 'what',
      title: t('promise.what'),
      heading: true,
      render: (item) => (
        <>
          {t('promise.seriesOf', {
            measure: t(`promiseMeasure.${item.measure}`),
            basis: t(`promiseBasis.${item.basis}`),
          })}{' '}
          · {yearWords(t, item.measure, item.year)}
        </>
      ),
    },
    {
      key: 'value',
      title: t('record.value'),
      numeric: true,
      render: (item) => {
        const text = item.value === '' ? t('promise.dropped') : `${item.value}\u2009${unitIn(item.unit)}`
        return item.counts ? <b>{text}</b> : <s>{text}</s>
      },
    },
    {
      key: 'source',
      title: t('record.source'),
      render: (item) => (
        <>
          {item.source} {item.nature !== track.nature && <Nature nature={item.nature} />}
        </>
      ),
    },
    { key: 'reason', title: t('choose.reason'), render: ({ reason }) => reason || '—' },
    {
      key: 'who',
      title: t('track.recorded'),
      render: ({ recorder, recorded_at }) => `${recorder} · ${moment(recorded_at, lang)}`,
    },
  ]
  return (
    <details className="pb-sub-details">
      <summary>{t('promise.records', { count: items.length })}</summary>
      <DataTable
        caption={t('promise.recorded')}
        columns={columns}
        items={items}
        rowKey={({ measure, basis, year, recorded_at, value }) =>
          [measure, basis, year, recorded_at, value].join('/')
        }
      />
    </details>
  )
}
