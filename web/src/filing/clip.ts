// Blocks of cells as spreadsheets put them on the clipboard: tab between cells, a line per row, quotes around a cell that
// holds a tab, a line break or a quote.

/** parseBlock reads a block; a last empty line, which spreadsheets add, is no row. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let at = 0
  const endCell = () => {
    rows.at(-1)?.push(cell)
    cell = ''
  }
  while (at < text.length) {
    const char = text[at]
    if (char === '"' && cell === '') {
      const end = quoted(text, at)
      cell = end.cell
      at = end.next
      continue
    }
    if (char === '\t') endCell()
    else if (char === '\n') {
      endCell()
      rows.push([])
    } else if (char !== '\r') cell += char
    at++
  }
  endCell()
  const last = rows.at(-1)
  if (rows.length > 1 && last?.length === 1 && last[0] === '') rows.pop()
  return rows
}

// quoted reads a quoted cell that begins at from; a quote that never closes is an ordinary character.
function quoted(text: string, from: number): { cell: string; next: number } {
  let cell = ''
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at]
    else if (text[at + 1] === '"') {
      cell += '"'
      at++
    } else return { cell, next: at + 1 }
  }
  return { cell: '"', next: from + 1 }
}

/** writeBlock writes a block so that a spreadsheet reads the same cells again. */
export function writeBlock(rows: string[][]): string {
  return rows.map((row) => row.map(quote).join('\t')).join('\n')
}

function quote(cell: string): string {
  return /[\t\n\r"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
