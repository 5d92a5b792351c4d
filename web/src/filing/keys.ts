// What a key means in the grid, and where it leads: the keys of the spreadsheets that people already use.

export interface Spot {
  row: number
  column: number
}

export interface Extent {
  rows: number
  columns: number
  /** Rows that fit on the screen, for the page keys. */
  page: number
}

export type Command =
  | { do: 'move'; by: Spot | 'home' | 'end' | 'first' | 'last'; extend: boolean }
  | { do: 'next'; back: boolean } // Tab: along the row, then on to the next
  | { do: 'edit' }
  | { do: 'commit'; go: 'down' | 'up' | 'right' | 'left' | 'stay' }
  | { do: 'cancel' }
  | { do: 'clear' }
  | { do: 'undo' }
  | { do: 'redo' }
  | { do: 'all' }
  | { do: 'save' }
  | { do: 'leave' }

interface Pressed {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

const arrows: Record<string, Spot> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
}

/** Mode is "move" between cells, "replace" after typing over a cell, "edit" after F2 or a double click. */
export type Mode = 'move' | 'replace' | 'edit'

/** commandOf gives what a key does; null leaves it to the browser: typing, copying, pasting. */
export function commandOf(pressed: Pressed, mode: Mode, page: number): Command | null {
  if (pressed.altKey) return null
  const control = pressed.ctrlKey || pressed.metaKey
  const everywhere = control && pressed.key.toLowerCase() === 's'
  if (everywhere) return { do: 'save' }
  return mode === 'move' ? moving(pressed, control, page) : editing(pressed, mode)
}

function moving({ key, shiftKey }: Pressed, control: boolean, page: number): Command | null {
  const arrow = arrows[key]
  if (arrow) {
    const by = control ? { row: arrow.row * 1e9, column: arrow.column * 1e9 } : arrow
    return { do: 'move', by, extend: shiftKey }
  }
  if (control) return controlled(key, shiftKey)
  switch (key) {
    case 'Home':
      return { do: 'move', by: 'home', extend: shiftKey }
    case 'End':
      return { do: 'move', by: 'end', extend: shiftKey }
    case 'PageUp':
      return { do: 'move', by: { row: -page, column: 0 }, extend: shiftKey }
    case 'PageDown':
      return { do: 'move', by: { row: page, column: 0 }, extend: shiftKey }
    case 'Enter':
      return { do: 'move', by: { row: shiftKey ? -1 : 1, column: 0 }, extend: false }
    case 'Tab':
      return { do: 'next', back: shiftKey }
    case 'F2':
      return { do: 'edit' }
    case 'Delete':
    case 'Backspace':
      return { do: 'clear' }
    case 'Escape':
      return { do: 'leave' }
    default:
      return null
  }
}

function controlled(key: string, shift: boolean): Command | null {
  switch (key.toLowerCase()) {
    case 'z':
      return { do: shift ? 'redo' : 'undo' }
    case 'y':
      return { do: 'redo' }
    case 'a':
      return { do: 'all' }
    case 'home':
      return { do: 'move', by: 'first', extend: shift }
    case 'end':
      return { do: 'move', by: 'last', extend: shift }
    default:
      return null
  }
}

function editing({ key, shiftKey }: Pressed, mode: Mode): Command | null {
  if (key === 'Enter') return { do: 'commit', go: shiftKey ? 'up' : 'down' }
  if (key === 'Tab') return { do: 'commit', go: shiftKey ? 'left' : 'right' }
  if (key === 'Escape') return { do: 'cancel' }
  if (mode !== 'replace') return null
  // After typing over a cell the arrows go on to the next one; after F2 they move inside the text.
  if (key === 'ArrowUp') return { do: 'commit', go: 'up' }
  if (key === 'ArrowDown') return { do: 'commit', go: 'down' }
  return null
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value))

/** moved gives the cell to which a move leads; it stays inside the grid. */
export function moved(
  from: Spot,
  by: Spot | 'home' | 'end' | 'first' | 'last',
  { rows, columns }: Extent,
): Spot {
  const last = { row: Math.max(0, rows - 1), column: Math.max(0, columns - 1) }
  if (by === 'home') return { ...from, column: 0 }
  if (by === 'end') return { ...from, column: last.column }
  if (by === 'first') return { row: 0, column: 0 }
  if (by === 'last') return last
  return { row: clamp(from.row + by.row, last.row), column: clamp(from.column + by.column, last.column) }
}

/** nextCell gives the cell after from along the rows; null beyond the last (or, back, the first): the focus may leave. */
export function nextCell(from: Spot, back: boolean, { rows, columns }: Extent): Spot | null {
  const at = from.row * columns + from.column + (back ? -1 : 1)
  if (at < 0 || at >= rows * columns) return null
  return { row: Math.floor(at / columns), column: at % columns }
}

export interface Block {
  top: number
  left: number
  bottom: number
  right: number
}

/** blockOf is the rectangle between two cells. */
export function blockOf(one: Spot, other: Spot): Block {
  return {
    top: Math.min(one.row, other.row),
    bottom: Math.max(one.row, other.row),
    left: Math.min(one.column, other.column),
    right: Math.max(one.column, other.column),
  }
}

export function inside({ top, left, bottom, right }: Block, row: number, column: number): boolean {
  return row >= top && row <= bottom && column >= left && column <= right
}

/** spread says where each pasted cell goes. One cell fills the whole selection, a block keeps its shape. */
export function spread(
  block: string[][],
  selection: Block,
  extent: { rows: number; columns: number },
): { row: number; column: number; text: string }[] {
  const only = block.length === 1 && block[0]?.length === 1 ? block[0][0] : undefined
  const out: { row: number; column: number; text: string }[] = []
  if (only !== undefined) {
    for (let row = selection.top; row <= selection.bottom; row++)
      for (let column = selection.left; column <= selection.right; column++)
        out.push({ row, column, text: only })
    return out
  }
  block.forEach((cells, down) => {
    cells.forEach((text, along) => {
      const spot = { row: selection.top + down, column: selection.left + along }
      if (spot.row < extent.rows && spot.column < extent.columns) out.push({ ...spot, text })
    })
  })
  return out
}
