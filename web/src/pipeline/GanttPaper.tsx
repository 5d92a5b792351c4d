import { useEffect, useMemo } from 'react'
import { createPortal } from 'react-dom'
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { GanttAxis, GanttGrid, GanttLegend } from './GanttAxis'
import { GanttBars } from './GanttRow'
import { barsOf, extentOf, sheetsOf } from './gantt'
import { keyOf } from './lanes'
import { Light } from './parts'
import { type Span, ticksOf, type Zoom } from './scale'
import type { GanttRow, StageName } from './types'

// A3 across less the margins is 400 mm by 277 mm: 1511 by 1047 CSS pixels.
const paperWidth = 1500
const nameWidth = 300
const rowHeight = 26
const perSheet = 34

interface GanttPaperProps {
  /** What is printed: the lifecycle and the place. */
  title: string
  rows: readonly GanttRow[]
  total: number
  stages: readonly StageName[]
  today: number
  asOf: string
  onDone: () => void
}

/** GanttPaper lays the rows on sheets of A3, asks the browser to print them, and goes away. */
export function GanttPaper({ title, rows, total, stages, today, asOf, onDone }: GanttPaperProps) {
  const { t, lang } = useText()
  const frame = useMemo(() => extentOf(rows, today), [rows, today])
  const width = paperWidth - nameWidth - 90 // room for the last slip
  const scale = width / (frame.to - frame.from + 1)
  const ticks = ticksOf(frame.from, frame.to, grainFor(frame))
  const sheets = sheetsOf(rows, perSheet)
  useEffect(() => {
    globalThis.addEventListener('afterprint', onDone)
    const timer = setTimeout(() => globalThis.print(), 50) // after the sheets are on the page
    return () => {
      clearTimeout(timer)
      globalThis.removeEventListener('afterprint', onDone)
    }
  }, [onDone])
  return createPortal(
    <div className="pb-gantt-paper">
      {sheets.map((sheet, at) => (
        <section key={keyOf(sheet[0] ?? { kind: 'project', id: String(at) })}>
          <h2>
            {t('gantt.paperTitle', { title })}{' '}
            <small>
              {t('gantt.asOf', { day: day(asOf, lang) })} ·{' '}
              {t('gantt.sheet', { no: at + 1, count: sheets.length })}
              {total > rows.length && ` · ${t('gantt.cut', { count: rows.length, total })}`}
            </small>
          </h2>
          <GanttLegend />
          <div className="pb-gantt-sheet" style={{ height: 38 + sheet.length * rowHeight }}>
            <div className="pb-gantt-head" style={{ left: nameWidth }}>
              <GanttAxis ticks={ticks} frame={frame} scale={scale} today={today} width={width + 90} />
            </div>
            <div className="pb-gantt-rows" style={{ top: 38 }}>
              <GanttGrid
                ticks={ticks}
                frame={frame}
                scale={scale}
                today={today}
                width={width + 90}
                height={sheet.length * rowHeight}
                left={nameWidth}
              />
              {sheet.map((row, no) => (
                <div
                  key={keyOf(row)}
                  className="pb-gantt-row"
                  style={{ top: no * rowHeight, height: rowHeight }}
                >
                  <div className="pb-gantt-name" style={{ width: nameWidth }}>
                    <span>
                      <b>{row.name}</b>
                      <small>{row.park_name || nameIn(lang, row.org_name, row.org_name_en)}</small>
                    </span>
                    <Light light={row.light} />
                  </div>
                  <GanttBars
                    bars={barsOf(row.marks ?? [], today)}
                    frame={frame}
                    scale={scale}
                    width={width + 90}
                    height={rowHeight}
                    stages={stages}
                  />
                </div>
              ))}
            </div>
          </div>
        </section>
      ))}
    </div>,
    document.body,
  )
}

/** grainFor chooses ticks that fit a page: months for a year, quarters for four, else years. */
function grainFor({ from, to }: Span): Zoom {
  const days = to - from
  return days < 800 ? 'month' : days < 2200 ? 'quarter' : 'year'
}
