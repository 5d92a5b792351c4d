import { day, periodName } from '../shared/format'
import { useText } from '../shared/i18n'
import { Diamond } from './GanttRow'
import { dateOf, type Span, type Tick } from './scale'

interface TimeProps {
  ticks: readonly Tick[]
  frame: Span
  /** Pixels of a day. */
  scale: number
  today: number
  width: number
}

/** GanttAxis names the months, quarters or years over the rows. */
export function GanttAxis({ ticks, frame, scale, today, width }: TimeProps) {
  const { t, lang } = useText()
  const x = (at: number) => (at - frame.from) * scale
  return (
    <svg className="pb-gantt-axis" width={width} height={38} aria-hidden="true">
      {ticks.map(({ at, period, major }) => (
        <g key={at}>
          <line x1={x(at)} x2={x(at)} y1={major ? 0 : 20} y2={38} className={major ? 'major' : ''} />
          <text x={x(at) + 4} y={major ? 14 : 32} className={major ? 'major' : ''}>
            {major ? periodName(period, lang) : shortName(period, lang)}
          </text>
        </g>
      ))}
      <text x={x(today)} y={14} textAnchor="middle" className="today">
        <title>{day(dateOf(today), lang)}</title>
        {t('gantt.today')}
      </text>
    </svg>
  )
}

function shortName(period: string, lang: 'zh-CN' | 'en'): string {
  if (period.includes('Q')) return period.slice(5)
  return lang === 'zh-CN' ? `${Number(period.slice(5))}月` : period.slice(5)
}

/** GanttGrid draws the lines behind the rows. */
export function GanttGrid({
  ticks,
  frame,
  scale,
  today,
  width,
  height,
  left,
}: TimeProps & { height: number; left: number }) {
  const x = (at: number) => (at - frame.from) * scale
  return (
    <svg className="pb-gantt-grid" style={{ left }} width={width} height={height} aria-hidden="true">
      {ticks.map(({ at, major }) => (
        <line key={at} x1={x(at)} x2={x(at)} y1={0} y2={height} className={major ? 'major' : ''} />
      ))}
      <line x1={x(today)} x2={x(today)} y1={0} y2={height} className="today" />
    </svg>
  )
}

/** GanttLegend says what the shapes mean. */
export function GanttLegend() {
  const { t } = useText()
  return (
    <ul className="pb-gantt-legend" aria-label={t('gantt.legend')}>
      <li>
        <svg width={26} height={12} aria-hidden="true">
          <rect className="first" x={1} y={2} width={24} height={8} rx={2} />
        </svg>
        {t('gantt.first')}
      </li>
      <li>
        <svg width={26} height={12} aria-hidden="true">
          <rect className="planned" x={1} y={3} width={24} height={6} rx={2} />
        </svg>
        {t('way.planned')}
      </li>
      <li>
        <svg width={26} height={12} aria-hidden="true">
          <rect className="actual" x={1} y={3} width={24} height={6} rx={2} />
        </svg>
        {t('gantt.actual')}
      </li>
      {(['entered', 'planned', 'late'] as const).map((state) => (
        <li key={state}>
          <svg width={14} height={14} aria-hidden="true">
            <Diamond x={7} y={7} state={state} />
          </svg>
          {t(`ganttState.${state}`)}
        </li>
      ))}
      <li>
        <svg width={10} height={14} aria-hidden="true">
          <line className="today" x1={5} x2={5} y1={0} y2={14} />
        </svg>
        {t('gantt.today')}
      </li>
    </ul>
  )
}
