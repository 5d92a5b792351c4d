// One row of the grid, and the input that stands in its active cell.
// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot leave out the rows that are not in sight
// biome-ignore-all lint/a11y/useFocusableInteractive: the input in the active cell has the focus
import { memo, type RefObject, useLayoutEffect } from 'react'
import { useText } from '../shared/i18n'
import type { CellLook, GridColumn, GridRow } from './Grid'
import type { Mode, Spot } from './keys'

export const rowHeight = 34

interface RowProps {
  row: GridRow
  index: number
  columns: GridColumn[]
  headWidth: number
  look: (row: string, column: GridColumn) => CellLook
  active: number
  mode: Mode
  from: number
  to: number
  choose: (spot: Spot, extend: boolean, mode?: Mode) => void
  onTyped: (mode: Mode) => void
  input: RefObject<HTMLInputElement | null> | undefined
  emptyWord: string
}

function sameRow(old: RowProps, now: RowProps): boolean {
  return (
    old.row === now.row &&
    old.index === now.index &&
    old.columns === now.columns &&
    old.look === now.look &&
    old.active === -1 &&
    now.active === -1 &&
    old.from === now.from &&
    (now.from === -1 || old.to === now.to)
  )
}

/** Row draws one row; it is drawn again only when something in it changed. */
export const Row = memo(function Row(props: RowProps) {
  const { row, index, columns, active, mode, from, to, choose } = props
  const { t } = useText()
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="pb-grid-row"
      style={{ top: index * rowHeight, height: rowHeight }}
    >
      <div role="rowheader" className="pb-grid-rowhead" style={{ width: props.headWidth }} title={row.name}>
        {row.head}
      </div>
      {columns.map((column, at) => {
        const look = props.look(row.id, column)
        const here = at === active
        const picked = from !== -1 && at >= from && at <= to
        return (
          <div
            key={column.id}
            role="gridcell"
            aria-selected={picked}
            aria-invalid={look.state === 'invalid' || undefined}
            aria-readonly={column.beside || look.state === 'locked' || undefined}
            className={cellClass(column, look, here, picked)}
            style={{ width: column.width }}
            title={look.why}
            onMouseDown={(event) => {
              if (here && mode !== 'move') return
              event.preventDefault()
              choose({ row: index, column: at }, event.shiftKey)
            }}
            onMouseEnter={(event) => {
              if (event.buttons === 1) choose({ row: index, column: at }, true)
            }}
            onDoubleClick={() => {
              if (!column.beside && look.state !== 'locked') choose({ row: index, column: at }, false, 'edit')
            }}
          >
            {(!here || mode === 'move') && <span>{look.shown}</span>}
            {here && (
              <CellInput
                key={`${row.id}/${column.id}`}
                ref={props.input}
                begin={mode === 'edit' ? look.raw : ''}
                mode={mode}
                locked={column.beside === true || look.state === 'locked' || look.state === 'waiting'}
                label={t('fill.cellLabel', {
                  row: row.name,
                  column: column.title,
                  value: look.shown || props.emptyWord,
                  state: t(`fillState.${look.state}`),
                })}
                options={column.options}
                onTyped={props.onTyped}
              />
            )}
          </div>
        )
      })}
    </div>
  )
}, sameRow)

function cellClass(column: GridColumn, look: CellLook, here: boolean, picked: boolean): string {
  return [
    'pb-grid-cell',
    look.state,
    column.numeric && 'num',
    column.beside && 'beside',
    here && 'here',
    picked && 'picked',
  ]
    .filter(Boolean)
    .join(' ')
}

interface CellInputProps {
  ref: RefObject<HTMLInputElement | null> | undefined
  begin: string
  mode: Mode
  locked: boolean
  label: string
  options: string[] | undefined
  onTyped: (mode: Mode) => void
}

/** CellInput is the one input of the grid. Between cells it is empty and unseen; the first character typed shows it. */
function CellInput({ ref, begin, mode, locked, label, options, onTyped }: CellInputProps) {
  const list = options && options.length > 0 ? 'pb-grid-options' : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: what editing begins with counts when it begins
  useLayoutEffect(() => {
    const box = ref?.current
    if (!box || mode === 'replace') return // the first character stands already
    box.value = mode === 'edit' ? begin : ''
  }, [mode])
  return (
    <>
      <input
        ref={ref}
        className={`pb-grid-input ${mode === 'move' ? 'unseen' : ''}`}
        aria-label={label}
        readOnly={locked}
        autoComplete="off"
        spellCheck={false}
        list={mode === 'move' ? undefined : list}
        onInput={() => {
          if (mode === 'move') onTyped('replace')
        }}
      />
      {mode !== 'move' && list && (
        <datalist id={list}>
          {options?.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
    </>
  )
}
