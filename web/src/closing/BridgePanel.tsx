import { Segmented, Select } from 'antd'
import { useMemo } from 'react'
import { axes, tooltip } from '../shared/chartTheme'
import { type Column, DataTable } from '../shared/DataTable'
import { exact, periodName, type Scale, scaleOf, signed, withUnit } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { LazyChart } from '../shared/LazyChart'
import { EnterpriseLink } from '../shared/links'
import { Loaded, Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { colors } from '../shared/theme'
import { Verdict } from '../shared/Verdict'
import { useSetSearch } from '../shell/scope'
import { useBridge } from './closings'
import type { Bridge, BridgeStep, Closing, Vintage } from './types'
import { pairsOf, pairText, type VintageView } from './view'
import { type Bar, barsOf, floorOf, piecesOf, shorten, sums } from './waterfall'

const height = 340

const most = 12 // steps that a chart shows

interface BridgePanelProps {
  vintage: Vintage
  siblings: Closing[]
  view: VintageView
}

/** BridgePanel explains why two vintages of a month differ, or a vintage and the ledger: step by step, and the steps add up. */
export function BridgePanel({ vintage, siblings, view }: BridgePanelProps) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  const indicators = vintage.report.indicators ?? []
  const orgs = vintage.report.orgs ?? []
  const { pair, asTable } = view
  const question = { ...pair, indicator: view.indicator, org: view.org, span: view.span }
  const bridge = useBridge(vintage.period, question, view.indicator !== '')
  const side = (no: number) => (no === 0 ? t('closing.present') : t('closing.no', { no }))
  return (
    <Panel
      title={t('closing.bridge')}
      note={t('closing.bridgeNote')}
      extra={
        <Segmented
          aria-label={t('trend.form')}
          value={asTable ? 'table' : 'chart'}
          onChange={(view) => setSearch({ view: view === 'table' ? view : undefined }, true)}
          options={[
            { value: 'chart', label: t('trend.chart') },
            { value: 'table', label: t('trend.table') },
          ]}
        />
      }
    >
      <div className="pb-filters pb-report-filters">
        <Select
          aria-label={t('closing.from')}
          value={pairText(pair)}
          onChange={(next) => setSearch({ pair: next }, true)}
          options={pairsOf(vintage.no, siblings).map((one) => ({
            value: pairText(one),
            label: `${side(one.from)} → ${side(one.to)}`,
          }))}
          style={{ width: 220 }}
        />
        <Select
          aria-label={t('cockpit.indicator')}
          value={view.indicator}
          onChange={(next) => setSearch({ ind: next }, true)}
          options={indicators.map(({ code, name, name_en }) => ({
            value: code,
            label: nameIn(lang, name, name_en),
          }))}
          style={{ width: 220 }}
        />
        <Select
          aria-label={t('by.orgName')}
          value={view.org}
          onChange={(next) => setSearch({ place: next }, true)}
          options={orgs.map(({ id, name, name_en }) => ({ value: id, label: nameIn(lang, name, name_en) }))}
          style={{ width: 160 }}
        />
      </div>
      <Loaded query={bridge} height={height}>
        {(data) => <Shown bridge={data} asTable={asTable} side={side} />}
      </Loaded>
    </Panel>
  )
}

function Shown({
  bridge,
  asTable,
  side,
}: {
  bridge: Bridge
  asTable: boolean
  side: (no: number) => string
}) {
  const { t, lang } = useText()
  const scale = scaleOf([bridge.from.value, bridge.to.value], bridge.unit, lang)
  const difference = (bridge.to.value ?? 0) - (bridge.from.value ?? 0)
  const sum = t('closing.sum', {
    from: withUnit(bridge.from.value, scale),
    to: withUnit(bridge.to.value, scale),
    difference: difference === 0 ? t('closing.same') : signedExact(difference, bridge.unit, lang),
  })
  return (
    <>
      <p className="pb-bridge-sum">
        {sum}{' '}
        <Verdict judgement={sums(bridge) ? 'good' : 'bad'}>
          {t(sums(bridge) ? 'closing.sumsUp' : 'closing.sumsNot')}
        </Verdict>
      </p>
      {asTable || !bridge.steps?.length ? (
        <StepTable bridge={bridge} />
      ) : (
        <Waterfall bridge={bridge} scale={scale} summary={sum} side={side} />
      )}
    </>
  )
}

// Up and down are told by sign and place as well; the colours judge nothing.
const barColor = ({ kind, start, end }: Bar) =>
  kind === 'total' ? colors.accent : kind === 'rest' ? '#a4afc2' : end >= start ? '#6f9be8' : '#3d4f6d'

interface WaterfallProps {
  bridge: Bridge
  scale: Scale
  summary: string
  side: (no: number) => string
}

function Waterfall({ bridge, scale, summary, side }: WaterfallProps) {
  const { t } = useText()
  const short = useMemo(() => shorten(bridge, most), [bridge])
  const bars = useMemo(
    () =>
      barsOf(short, {
        from: side(short.from.no),
        to: side(short.to.no),
        rest: t('closing.rest', { count: short.more }),
        step: (kind, name) => `${t(`closingStep.${kind}`)} ${name}`,
      }),
    [short, side, t],
  )
  const floor = floorOf(bars)
  const option = useMemo(() => {
    const pieces = bars.map((bar) => piecesOf(bar, bar.kind === 'total' ? floor : 0))
    const plot = axes(
      bars.map(({ label }) => label),
      scale.unit,
    )
    const piece = (name: string, values: number[], style: (at: number) => object, position?: string) => ({
      name,
      type: 'bar',
      stack: 'bridge',
      barMaxWidth: 46,
      label: position && { ...label, position },
      data: values.map((value, at) => ({ value: value / scale.divisor, itemStyle: style(at) })),
    })
    const label = {
      show: true,
      color: colors.soft,
      formatter: ({ dataIndex, value }: { dataIndex: number; value: number }) => {
        const bar = bars[dataIndex]
        return bar && value !== 0 ? amountOf(bar, scale) : ''
      },
    }
    const color = (at: number) => ({ color: bars[at] && barColor(bars[at]) })
    const unseen = () => ({ color: 'transparent' })
    return {
      ...plot,
      xAxis: { ...plot.xAxis, axisLabel: { ...plot.xAxis.axisLabel, width: 96, overflow: 'truncate' } },
      yAxis: { ...plot.yAxis, min: floor > 0 ? floor / scale.divisor : undefined },
      tooltip: {
        ...tooltip((value) => withUnit(value * scale.divisor, scale)),
        formatter: ([first]: { dataIndex: number }[]) => {
          const bar = bars[first?.dataIndex ?? 0]
          return bar ? asText(t('closing.tip', { name: bar.label, amount: amountOf(bar, scale) })) : ''
        },
      },
      series: [
        piece(
          'foot',
          pieces.map(({ foot }) => foot),
          unseen,
        ),
        piece(
          'above',
          pieces.map(({ above }) => above),
          color,
          'top',
        ),
        piece(
          'below',
          pieces.map(({ below }) => below),
          color,
          'bottom',
        ),
      ],
    }
  }, [bars, floor, scale, t])
  return (
    <>
      <LazyChart option={option} height={height} summary={`${summary} ${t('closing.seeTable')}`} />
      {floor > 0 && <p className="pb-soft">{t('closing.cutAxis')}</p>}
    </>
  )
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** asText keeps the name of an enterprise text: the pointer's box reads markup. */
const asText = (text: string) => text.replace(/[&<>"]/g, (mark) => escapes[mark] ?? mark)

/** amountOf is what a bar says: a total, or what a step adds. */
function amountOf({ kind, start, end }: Bar, scale: Scale): string {
  return kind === 'total' ? withUnit(end, scale) : signed(end - start, scale)
}

function signedExact(value: number, unit: string, lang: 'zh-CN' | 'en'): string {
  return `${value > 0 ? '+' : '\u2212'}${exact(Math.abs(value), unit, lang)}`
}

function StepTable({ bridge }: { bridge: Bridge }) {
  const { t, lang } = useText()
  const write = (value: number | null) => (value === null ? '—' : exact(value, bridge.unit, lang))
  const steps = bridge.steps ?? []
  const columns: Column<BridgeStep>[] = [
    {
      key: 'name',
      title: t('closing.whose'),
      heading: true,
      render: ({ kind, entity, name }) =>
        kind !== 'rule' && entity ? <EnterpriseLink id={entity} name={name || entity} /> : name || entity,
    },
    { key: 'kind', title: t('closing.step'), nowrap: true, render: ({ kind }) => t(`closingStep.${kind}`) },
    {
      key: 'about',
      title: t('closing.about'),
      render: ({ month, part, last_year }) =>
        [
          month && periodName(month, lang),
          part && t(`closingSide.${part}`),
          last_year && t('closing.lastYear'),
        ]
          .filter(Boolean)
          .join(' · ') || '—',
    },
    { key: 'before', title: t('report.before'), numeric: true, render: ({ before }) => write(before) },
    { key: 'after', title: t('closing.after'), numeric: true, render: ({ after }) => write(after) },
    {
      key: 'amount',
      title: t('closing.amount'),
      numeric: true,
      render: ({ amount }) => signedExact(amount, bridge.unit, lang),
    },
  ]
  if (steps.length === 0) return <Empty title={t('closing.noSteps')} />
  return (
    <>
      <DataTable
        caption={t('closing.bridge')}
        columns={columns}
        items={steps}
        rowKey={({ kind, table, row, part, last_year }) => [kind, table, row, part, last_year].join('|')}
      />
      {bridge.more > 0 && (
        <p className="pb-more">
          {t('closing.restOf', {
            count: bridge.more,
            amount: signedExact(bridge.rest, bridge.unit, lang),
          })}
        </p>
      )}
    </>
  )
}
