import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { type Column, DataTable } from '../shared/DataTable'
import { number, periodName, type Scale, scaleOf, signed, signedPercent, withUnit } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { yearBefore } from '../shared/period'
import type { Group, Indicator, Reading } from '../shared/types'
import { change } from './headline'
import { type By, useReading } from './queries'
import { cutOf, unitWord, type View } from './view'

interface GroupPanelProps {
  by: Exclude<By, 'month'>
  indicator: Indicator
  view: View
  /** Called with the group whose name was clicked: the screen goes one level down. */
  onNarrow: (key: string) => void
  after?: (group: Group) => ReactNode
  /** Adds the change against the same period of last year. */
  onYear?: boolean
}

const atFirst = 13

/** GroupPanel compares the groups of the picked indicator: a bar and a number each, largest first. */
export function GroupPanel({ by, indicator, view, onNarrow, after, onYear = false }: GroupPanelProps) {
  const { t, lang } = useText()
  const cut = cutOf(view, indicator.code, by)
  const reading = useReading(cut)
  const before = useReading({ ...cut, period: yearBefore(cut.period) }, onYear)
  const date = reading.data?.as_of
  const [only, ...others] = reading.data?.groups ?? []
  if (by === 'org' && only?.key === view.place.org && others.length === 0) return null // nothing to compare below this unit
  return (
    <Panel
      className={`pb-by-${by}`}
      title={t(`by.${by}`)}
      note={date && t('panel.asOf', { date: periodName(date, lang) })}
    >
      <Loaded
        query={reading}
        height={340}
        empty={(data) => !data.groups?.some(({ key }) => key !== '')}
        emptyText={t(`by.${by}Empty`)}
      >
        {(data) => (
          <Bars
            by={by}
            indicator={indicator}
            reading={data}
            before={onYear ? before.data : undefined}
            onNarrow={onNarrow}
            after={after}
            onOpen={(group) => view.open({ by, group })}
          />
        )}
      </Loaded>
    </Panel>
  )
}

interface BarsProps extends Pick<GroupPanelProps, 'by' | 'indicator' | 'onNarrow' | 'after'> {
  reading: Reading
  before: Reading | undefined
  onOpen: (key: string) => void
}

function Bars({ by, indicator, reading, before, onNarrow, after, onOpen }: BarsProps) {
  const { t, lang } = useText()
  const [all, setAll] = useState(false)
  const groups = [...(reading.groups ?? [])].sort(
    (a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY),
  )
  const scale = scaleOf(
    groups.map(({ value }) => value),
    reading.unit,
    lang,
    unitWord(indicator, lang),
  )
  const top = reading.unit === 'ratio' ? 1 : Math.max(1, ...groups.map(({ value }) => value ?? 0))
  const columns: Column<Group>[] = [
    {
      key: 'name',
      title: t(`by.${by}Name`),
      heading: true,
      width: by === 'org' ? '32%' : '46%',
      render: (group) => (
        <>
          {group.key === '' ? (
            groupName(group, t, lang)
          ) : (
            <button
              type="button"
              className="pb-cell"
              onClick={() => onNarrow(group.key)}
              title={t('by.narrow')}
            >
              {groupName(group, t, lang)}
            </button>
          )}
          {group.key !== '' && after?.(group)}
        </>
      ),
    },
    { key: 'bar', title: '', wideOnly: true, render: ({ value }) => <Bar share={(value ?? 0) / top} /> },
    {
      key: 'value',
      title: scale.unit || t('trend.value'),
      numeric: true,
      width: 96,
      render: (group) => <Value group={group} scale={scale} onOpen={() => onOpen(group.key)} />,
    },
  ]
  if (before?.groups?.length) columns.push(yearColumn(t('tile.onYear'), before))
  return (
    <>
      <DataTable
        caption={t(`by.${by}`)}
        columns={columns}
        items={all ? groups : groups.slice(0, atFirst)}
        rowKey={({ key }) => key}
        compact
      />
      {groups.length > atFirst && (
        <div className="pb-more">
          <Button type="link" onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? t('by.fewer') : t('by.all', { count: groups.length })}
          </Button>
        </div>
      )}
    </>
  )
}

function yearColumn(title: string, before: Reading): Column<Group> {
  const earlier = new Map((before.groups ?? []).map(({ key, value }) => [key, value]))
  return {
    key: 'year',
    title,
    numeric: true,
    width: 84,
    render: ({ key, value }) => {
      const moved = change({ value: value ?? null, previous: earlier.get(key) ?? null, unit: before.unit })
      if (!moved) return '—'
      if (before.unit === 'ratio') return signed(moved.difference, { divisor: 0.01, decimals: 1, unit: '' })
      return moved.share === null ? '—' : signedPercent(moved.share)
    },
  }
}

function groupName(group: Group, t: ReturnType<typeof useText>['t'], lang: 'zh-CN' | 'en'): string {
  return nameIn(lang, group.name, group.name_en) || t('by.unknown')
}

function Bar({ share }: { share: number }) {
  return (
    <span className="pb-bar" aria-hidden="true">
      <span style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
    </span>
  )
}

function Value({ group, scale, onOpen }: { group: Group; scale: Scale; onOpen: () => void }) {
  const { t, lang } = useText()
  if (group.value == null) return <>—</>
  return (
    <button
      type="button"
      className="pb-cell"
      onClick={onOpen}
      aria-label={t('cell.open', { name: groupName(group, t, lang), value: withUnit(group.value, scale) })}
    >
      {number(group.value, scale)}
    </button>
  )
}
