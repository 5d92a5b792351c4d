// The chart itself: only the rows in view are drawn, so that thousands of them are as quick as a few.
import { type KeyboardEvent, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { GanttAxis, GanttGrid, GanttLegend } from './GanttAxis'
import { GanttDetail } from './GanttDetail'
import { GanttBars, useRowText } from './GanttRow'
import { type Bars, barsOf, endOf, extentOf, rowAfter, windowOf } from './gantt'
import { keyOf } from './lanes'
import { Light } from './parts'
import { dateOf, pixels, ticksOf, type Zoom } from './scale'
import type { GanttRow, StageName } from './types'

export const rowHeight = 34
const nameWidth = 280
const fallbackHeight = 560

interface GanttChartProps {
  rows: readonly GanttRow[]
  stages: readonly StageName[]
  /** Day number. */
  today: number
  zoom: Zoom
}

export function GanttChart({ rows, stages, today, zoom }: GanttChartProps) {
  const { t, lang } = useText()
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const [{ top, left }, setScroll] = useState({ top: 0, left: 0 })
  const [picked, setPicked] = useState(0)
  const textOf = useRowText(stages)
  const frame = useMemo(() => extentOf(rows, today), [rows, today])
  const ticks = useMemo(() => ticksOf(frame.from, frame.to, zoom), [frame.from, frame.to, zoom])
  const scale = pixels[zoom]
  const width = Math.ceil((frame.to - frame.from + 1) * scale)
  const height = useHeight(box)
  const at = Math.min(picked, rows.length - 1)
  const [first, last] = windowOf(top, height, rowHeight, rows.length)

  useLayoutEffect(() => {
    // today a third of the way in, so that what comes next is seen
    const room = (box.current?.clientWidth ?? 0) - nameWidth
    box.current?.scrollTo({ left: (today - frame.from) * scale - room / 3 })
  }, [today, frame.from, scale])

  function keys(event: KeyboardEvent) {
    if (event.key === 'Enter') return showBars(at)
    const to = rowAfter(event.key, at, rows.length, Math.max(1, Math.floor(height / rowHeight) - 2))
    if (to === null) {
      if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
        event.preventDefault()
        box.current?.scrollBy({ left: event.key === 'ArrowRight' ? 120 : -120 })
      }
      return
    }
    event.preventDefault()
    setPicked(to)
    bringIntoView(box.current, to)
  }

  /** showBars brings the last bar of a row into view. */
  function showBars(no: number) {
    const end = endOf(barsOf(rows[no]?.marks ?? [], today))
    const room = (box.current?.clientWidth ?? 0) - nameWidth
    const x = end === null ? null : (end - frame.from) * scale
    if (x !== null && (x < left || x > left + room)) box.current?.scrollTo({ left: x - room * 0.7 })
  }

  const row = rows[at]
  return (
    <>
      <GanttLegend />
      <div
        ref={box}
        className="pb-gantt"
        onScroll={({ currentTarget: { scrollTop, scrollLeft } }) =>
          setScroll({ top: scrollTop, left: scrollLeft })
        }
      >
        <div className="pb-gantt-head" style={{ width: nameWidth + width }} aria-hidden="true">
          <span style={{ width: nameWidth }}>{t('gantt.subject')}</span>
          <GanttAxis ticks={ticks} frame={frame} scale={scale} today={today} width={width} />
        </div>
        <div
          role="listbox"
          tabIndex={0}
          aria-label={t('gantt.label', { count: rows.length })}
          aria-activedescendant={at >= first && at < last ? `${id}-${at}` : undefined}
          className="pb-gantt-rows"
          style={{ width: nameWidth + width, height: rows.length * rowHeight }}
          onKeyDown={keys}
          onClick={({ currentTarget, clientY }) => {
            const no = Math.floor((clientY - currentTarget.getBoundingClientRect().top) / rowHeight)
            setPicked(no)
            showBars(no)
          }}
        >
          <GanttGrid
            ticks={ticks}
            frame={frame}
            scale={scale}
            today={today}
            width={width}
            height={rows.length * rowHeight}
            left={nameWidth}
          />
          {rows.slice(first, last).map((row, index) => {
            const no = first + index
            const bars = barsOf(row.marks ?? [], today)
            return (
              <div
                key={keyOf(row)}
                id={`${id}-${no}`}
                role="option"
                tabIndex={-1}
                aria-selected={no === at}
                aria-setsize={rows.length}
                aria-posinset={no + 1}
                className="pb-gantt-row"
                style={{ top: no * rowHeight, height: rowHeight }}
              >
                <div className="pb-gantt-name" style={{ width: nameWidth }}>
                  <span>
                    <b>{row.name}</b>
                    <small>
                      {row.park_name || nameIn(lang, row.org_name, row.org_name_en)}
                      {row.suspended && ` · ${t('pipeline.suspended')}`}
                    </small>
                  </span>
                  <Light light={row.light} />
                </div>
                <GanttBars
                  bars={bars}
                  frame={frame}
                  scale={scale}
                  width={width}
                  height={rowHeight}
                  stages={stages}
                />
                {isBefore(bars, frame.from + left / scale) && (
                  <span className="pb-gantt-away" style={{ left: nameWidth + left + 4 }} aria-hidden="true">
                    <Glyph name="down" /> {dateOf(endOf(bars) ?? 0).slice(0, 7)}
                  </span>
                )}
                <span className="pb-hidden">{textOf(row, bars)}</span>
              </div>
            )
          })}
        </div>
      </div>
      {row && <GanttDetail row={row} stages={stages} />}
    </>
  )
}

/** isBefore says that all of a row lies left of what is in view. */
function isBefore(bars: Bars, day: number): boolean {
  const end = endOf(bars)
  return end !== null && end < day
}

/** useHeight follows the height of a box. */
function useHeight(box: { current: HTMLElement | null }): number {
  const [height, setHeight] = useState(fallbackHeight)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = () => setHeight(element.clientHeight || fallbackHeight)
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    measure()
    return () => sizes.disconnect()
  }, [box])
  return height
}

function bringIntoView(box: HTMLElement | null, row: number) {
  if (!box) return
  const head = box.querySelector('.pb-gantt-head')?.clientHeight ?? 0
  const [from, to] = [row * rowHeight, (row + 1) * rowHeight + head]
  if (from < box.scrollTop) box.scrollTop = from
  else if (to > box.scrollTop + box.clientHeight) box.scrollTop = to - box.clientHeight
}
