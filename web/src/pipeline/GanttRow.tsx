import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { type Bars, type Diamond as DiamondAt, endOf } from './gantt'
import { dateOf, type Span } from './scale'
import type { GanttRow, StageName } from './types'

/** Diamond is one stage: filled when entered, hollow when planned, hollow with a stroke through it when that day has passed. */
export function Diamond({ x, y, state }: { x: number; y: number; state: DiamondAt['state'] }) {
  const r = 5
  return (
    <g className={`pb-gantt-diamond ${state}`}>
      <path d={`M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`} />
      {state === 'late' && (
        <path d={`M${x - 2} ${y - 2}L${x + 2} ${y + 2}M${x + 2} ${y - 2}L${x - 2} ${y + 2}`} />
      )}
    </g>
  )
}

interface GanttBarsProps {
  bars: Bars
  frame: Span
  scale: number
  width: number
  height: number
  stages: readonly StageName[]
}

/** GanttBars draws a row: the first plan as a ghost, the plan over what happened, the stages, and the slip in days. */
export function GanttBars({ bars, frame, scale, width, height, stages }: GanttBarsProps) {
  const { t, lang } = useText()
  const x = (at: number) => (at - frame.from) * scale
  const middle = height / 2
  const bar = (span: Span | null, className: string, y: number, high: number) =>
    span && (
      <rect
        className={className}
        x={x(span.from)}
        width={Math.max(2, (span.to - span.from + 1) * scale)}
        y={y}
        height={high}
        rx={2}
      />
    )
  const end = endOf(bars) ?? 0
  return (
    <svg className="pb-gantt-bars" width={width} height={height} aria-hidden="true">
      {bar(bars.first, 'first', middle - 10, 20)}
      {bar(bars.planned, 'planned', middle - 7, 6)}
      {bar(bars.actual, 'actual', middle + 1, 6)}
      {bars.diamonds.map(({ stage, at, state }) => (
        <g key={stage}>
          <title>
            {`${stageName(stages, stage, lang)} ${day(dateOf(at), lang)} ${t(`ganttState.${state}`)}`}
          </title>
          <Diamond x={x(at)} y={state === 'entered' ? middle + 4 : middle - 4} state={state} />
        </g>
      ))}
      {bars.slip !== null && bars.slip !== 0 && (
        <text x={x(end) + 9} y={middle + 4} className={bars.slip > 0 ? 'slip' : ''}>
          {t(bars.slip > 0 ? 'pipeline.later' : 'pipeline.earlier', { count: Math.abs(bars.slip) })}
        </text>
      )}
    </svg>
  )
}

export function stageName(stages: readonly StageName[], at: number, lang: 'zh-CN' | 'en'): string {
  const stage = stages[at]
  return stage ? nameIn(lang, stage.name, stage.name_en) : ''
}

/** useRowText says a row in words, for whoever does not see the chart. */
export function useRowText(stages: readonly StageName[]) {
  const { t, lang } = useText()
  return (row: GanttRow, bars: Bars): string => {
    const entered = bars.diamonds.filter(({ state }) => state === 'entered')
    const open = bars.diamonds.filter(({ state }) => state !== 'entered').sort((a, b) => a.at - b.at)
    const last = entered.at(-1)
    const next = open[0]
    return [
      last &&
        t('gantt.reached', {
          stage: stageName(stages, last.stage, lang),
          day: day(dayOf(row, last.stage), lang),
        }),
      next &&
        t(next.state === 'late' ? 'gantt.overdue' : 'gantt.next', {
          stage: stageName(stages, next.stage, lang),
          day: day(dayOf(row, next.stage), lang),
        }),
      bars.slip !== null &&
        bars.slip !== 0 &&
        t(bars.slip > 0 ? 'pipeline.later' : 'pipeline.earlier', { count: Math.abs(bars.slip) }),
    ]
      .filter((text) => typeof text === 'string')
      .join(t('app.semicolon'))
  }
}

function dayOf(row: GanttRow, stage: number): string {
  const mark = row.marks?.find(([known]) => known === stage)
  return mark ? mark[3] || mark[2] : ''
}
