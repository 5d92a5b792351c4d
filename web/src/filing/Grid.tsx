// Grid is an entry sheet that takes the keys of a spreadsheet. It shows what it is told and reports what was typed; it keeps
// nothing but the cursor. One real input stands in the active cell and has the focus: so Chinese input methods, the
// clipboard and screen readers work as in any field. Only the rows in sight are drawn.
// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot leave out the rows that are not in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the input in the active cell has the focus
import { memo, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useText } from '../shared/i18n'
import { parseBlock, writeBlock } from './clip'
import { Row, rowHeight } from './GridLine'
import {
  type Block,
  blockOf,
  type Command,
  commandOf,
  inside,
  type Mode,
  moved,
  nextCell,
  type Spot,
  spread,
} from './keys'
import type { CellEdit } from './sheet'
import './grid.css'

const headHeight = 52
const overscan = 6

export interface GridColumn {
  id: string
  /** The field that is typed here; of columns for reading the one they belong to. */
  field: string
  title: string
  note?: string
  width: number
  numeric?: boolean
  required?: boolean
  /** A column for reading, beside the field. */
  beside?: boolean
  /** What may be typed, offered while typing. */
  options?: string[]
}

export interface GridRow {
  id: string
  name: string
  head: ReactNode
}

export type CellState = 'saved' | 'unsaved' | 'invalid' | 'locked' | 'conflict' | 'waiting'

export interface CellLook {
  /** As it is typed: what editing begins with and copying takes. */
  raw: string
  shown: string
  state: CellState
  why?: string
}

interface GridProps {
  label: string
  headTitle: string
  headWidth?: number
  columns: GridColumn[]
  rows: GridRow[]
  look: (row: string, column: GridColumn) => CellLook
  onWrite: (cells: CellEdit[]) => void
  onUndo: () => void
  onRedo: () => void
  onSave: () => void
  onActive?: (row: string, column: GridColumn) => void
  /** Called with the rows in sight, so that the page can load them. */
  onSight?: (from: number, to: number) => void
  maxHeight?: number
}

interface Cursor {
  at: Spot
  anchor: Spot
  mode: Mode
}

export function Grid(props: GridProps) {
  const { columns, rows, headWidth = 220, maxHeight = 560 } = props
  const { t } = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const focused = useRef(false)
  const leaving = useRef(false)
  const [cursor, setCursor] = useState<Cursor>({
    at: { row: 0, column: 0 },
    anchor: { row: 0, column: 0 },
    mode: 'move',
  })
  const [top, setTop] = useState(0)
  const at = clampSpot(cursor.at, rows.length, columns.length)
  const selection = blockOf(clampSpot(cursor.anchor, rows.length, columns.length), at)
  const height = Math.min(maxHeight, rows.length * rowHeight + headHeight + 14)
  const page = Math.max(1, Math.floor((height - headHeight) / rowHeight) - 1)
  const extent = { rows: rows.length, columns: columns.length, page }
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan)
  const last = Math.min(rows.length - 1, Math.ceil((top + height) / rowHeight) + overscan)

  const { onSight, onActive } = props
  useEffect(() => onSight?.(first, last), [onSight, first, last])
  const activeRow = rows[at.row]?.id
  const activeColumn = columns[at.column]
  useEffect(() => {
    if (activeRow !== undefined && activeColumn) onActive?.(activeRow, activeColumn)
  }, [onActive, activeRow, activeColumn])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the input is another one whenever the cursor moved
  useLayoutEffect(() => {
    if (focused.current) input.current?.focus({ preventScroll: true })
  }, [at.row, at.column, cursor.mode])

  const show = useCallback(
    (spot: Spot) => reveal(scroller.current, spot, columns, headWidth),
    [columns, headWidth],
  )

  function go(spot: Spot, extend = false) {
    leaving.current = false
    setCursor((old) => ({ at: spot, anchor: extend ? old.anchor : spot, mode: 'move' }))
    show(spot)
  }

  const lookAt = (spot: Spot): CellLook | null => {
    const row = rows[spot.row]
    const column = columns[spot.column]
    return row && column ? props.look(row.id, column) : null
  }
  const open = (spot: Spot) => {
    const state = lookAt(spot)?.state
    return !columns[spot.column]?.beside && state !== 'locked' && state !== 'waiting'
  }

  function writeCells(cells: { row: number; column: number; text: string }[]) {
    props.onWrite(
      cells.filter(open).flatMap(({ row, column, text }) => {
        const id = rows[row]?.id
        const field = columns[column]?.field
        return id === undefined || field === undefined ? [] : [{ row: id, field, text }]
      }),
    )
  }

  /** commit puts what was typed into the cell; outside of typing there is nothing to put. */
  function commit() {
    if (cursor.mode === 'move' || !input.current) return
    writeCells([{ ...at, text: input.current.value }])
  }

  function edit(mode: Mode) {
    if (!open(at)) return
    setCursor({ at, anchor: at, mode })
  }

  function run(command: Command): boolean {
    switch (command.do) {
      case 'move':
        go(moved(at, command.by, extent), command.extend)
        return true
      case 'next': {
        const next = leaving.current ? null : nextCell(at, command.back, extent)
        if (next) go(next)
        return next !== null
      }
      case 'edit':
        edit('edit')
        return true
      case 'commit': {
        commit()
        const next = step(command.go, at, extent)
        go(next)
        return true
      }
      case 'cancel':
        setCursor({ at, anchor: at, mode: 'move' })
        return true
      case 'clear':
        writeCells(spotsOf(selection).map((spot) => ({ ...spot, text: '' })))
        return true
      case 'all':
        setCursor({
          anchor: { row: 0, column: 0 },
          at: { row: rows.length - 1, column: columns.length - 1 },
          mode: 'move',
        })
        return true
      case 'undo':
        props.onUndo()
        return true
      case 'redo':
        props.onRedo()
        return true
      case 'save':
        commit()
        setCursor({ at, anchor: at, mode: 'move' })
        props.onSave()
        return true
      case 'leave':
        leaving.current = true
        return true
    }
  }

  function copy(event: React.ClipboardEvent, cut: boolean) {
    if (cursor.mode !== 'move') return
    event.preventDefault()
    const block: string[][] = []
    for (let row = selection.top; row <= selection.bottom; row++) {
      const line: string[] = []
      for (let column = selection.left; column <= selection.right; column++)
        line.push(lookAt({ row, column })?.raw ?? '')
      block.push(line)
    }
    event.clipboardData.setData('text/plain', writeBlock(block))
    if (cut) writeCells(spotsOf(selection).map((spot) => ({ ...spot, text: '' })))
  }

  function paste(event: React.ClipboardEvent) {
    if (cursor.mode !== 'move') return
    event.preventDefault()
    const block = parseBlock(event.clipboardData.getData('text/plain'))
    writeCells(spread(block, selection, extent))
    const corner = moved(
      { row: selection.top, column: selection.left },
      { row: block.length - 1, column: Math.max(...block.map((line) => line.length)) - 1 },
      extent,
    )
    if (block.length > 1 || (block[0]?.length ?? 0) > 1)
      setCursor({ at: corner, anchor: { row: selection.top, column: selection.left }, mode: 'move' })
  }

  const commitNow = useRef(commit)
  useLayoutEffect(() => {
    commitNow.current = commit
  })
  const choose = useCallback((spot: Spot, extend: boolean, mode: Mode = 'move') => {
    commitNow.current()
    focused.current = true
    leaving.current = false
    input.current?.focus({ preventScroll: true })
    setCursor((old) => ({ at: spot, anchor: extend ? old.anchor : spot, mode }))
  }, [])

  const shownRows = sightOf(first, last, at.row, rows.length)
  const total = columns.reduce((sum, { width }) => sum + width, headWidth)
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      tabIndex={-1}
      className="pb-grid"
      style={{ height }}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onFocus={() => {
        focused.current = true
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return
        focused.current = false
        if (cursor.mode === 'move') return
        commit()
        setCursor({ at, anchor: at, mode: 'move' })
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        const command = commandOf(event, cursor.mode, page)
        if (command && run(command)) event.preventDefault()
      }}
      onCopy={(event) => copy(event, false)}
      onCut={(event) => copy(event, true)}
      onPaste={paste}
    >
      <Head columns={columns} title={props.headTitle} width={headWidth} total={total} />
      <div role="rowgroup" className="pb-grid-body" style={{ height: rows.length * rowHeight, width: total }}>
        {shownRows.map((index) => {
          const row = rows[index]
          if (!row) return null
          const active = index === at.row
          return (
            <Row
              key={row.id}
              row={row}
              index={index}
              columns={columns}
              headWidth={headWidth}
              look={props.look}
              active={active ? at.column : -1}
              mode={active ? cursor.mode : 'move'}
              from={inside(selection, index, selection.left) ? selection.left : -1}
              to={selection.right}
              choose={choose}
              onTyped={edit}
              input={active ? input : undefined}
              emptyWord={t('fill.emptyCell')}
            />
          )
        })}
      </div>
    </div>
  )
}

function clampSpot(spot: Spot, rows: number, columns: number): Spot {
  return {
    row: Math.max(0, Math.min(spot.row, rows - 1)),
    column: Math.max(0, Math.min(spot.column, columns - 1)),
  }
}

const aside = {
  down: { row: 1, column: 0 },
  up: { row: -1, column: 0 },
  right: { row: 0, column: 1 },
  left: { row: 0, column: -1 },
}

function step(go: 'down' | 'up' | 'right' | 'left' | 'stay', at: Spot, extent: Parameters<typeof moved>[2]) {
  return go === 'stay' ? at : moved(at, aside[go], extent)
}

function spotsOf({ top, bottom, left, right }: Block): Spot[] {
  const out: Spot[] = []
  for (let row = top; row <= bottom; row++)
    for (let column = left; column <= right; column++) out.push({ row, column })
  return out
}

// The active row is drawn wherever it is: it holds the focus.
function sightOf(first: number, last: number, active: number, count: number): number[] {
  const out: number[] = []
  if (active < first && active < count) out.push(active)
  for (let index = first; index <= last; index++) out.push(index)
  if (active > last && active < count) out.push(active)
  return out
}

function reveal(box: HTMLDivElement | null, spot: Spot, columns: GridColumn[], headWidth: number) {
  if (!box) return
  const y = spot.row * rowHeight
  const roomY = box.clientHeight - headHeight
  if (y < box.scrollTop) box.scrollTop = y
  else if (y + rowHeight > box.scrollTop + roomY) box.scrollTop = y + rowHeight - roomY
  const x = columns.slice(0, spot.column).reduce((sum, { width }) => sum + width, 0)
  const width = columns[spot.column]?.width ?? 0
  const roomX = box.clientWidth - headWidth
  if (x < box.scrollLeft) box.scrollLeft = x
  else if (x + width > box.scrollLeft + roomX) box.scrollLeft = x + width - roomX
}

interface HeadProps {
  columns: GridColumn[]
  title: string
  width: number
  total: number
}

const Head = memo(function Head({ columns, title, width, total }: HeadProps) {
  const { t } = useText()
  return (
    <div role="rowgroup" className="pb-grid-head" style={{ width: total, height: headHeight }}>
      <div role="row" aria-rowindex={1} className="pb-grid-row">
        <div role="columnheader" className="pb-grid-rowhead" style={{ width }}>
          {title}
        </div>
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            className={`pb-grid-colhead ${column.beside ? 'beside' : ''}`}
            style={{ width: column.width }}
            title={column.title}
          >
            <span>
              {column.title}
              {column.required && (
                <b className="pb-need" title={t('fill.required')}>
                  *
                </b>
              )}
            </span>
            {column.note && <small>{column.note}</small>}
          </div>
        ))}
      </div>
    </div>
  )
})
