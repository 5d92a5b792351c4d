import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { Grid, type GridColumn } from './Grid'
import { blank, type Sheet, undo, write } from './sheet'

const columns: GridColumn[] = ['a', 'b'].map((id) => ({ id, field: id, title: id.toUpperCase(), width: 90 }))
const rows = ['1', '2', '3'].map((id) => ({ id, name: `行${id}`, head: id }))
const saved = () => ''

function Page() {
  const [sheet, setSheet] = useState<Sheet>(blank)
  return (
    <Grid
      label="试验"
      headTitle="行"
      columns={columns}
      rows={rows}
      look={(row, { field }) => {
        const raw = sheet.edits[row]?.cells[field] ?? ''
        return { raw, shown: raw, state: row === '3' ? 'locked' : raw ? 'unsaved' : 'saved' }
      }}
      onWrite={(cells) => setSheet((old) => write(old, cells, saved))}
      onUndo={() => setSheet(undo)}
      onRedo={() => undefined}
      onSave={() => undefined}
    />
  )
}

const texts = () => screen.getAllByRole('gridcell').map((cell) => cell.textContent)

test('typing replaces a cell, Enter and Tab go on, Escape gives up, Delete clears, Ctrl+Z brings back', async () => {
  const user = userEvent.setup()
  render(<Page />)
  const first = screen.getAllByRole('gridcell')[0]
  if (!first) throw new Error('no cell')
  await user.click(first)
  await user.keyboard('12{Tab}34{Enter}')
  expect(texts()).toEqual(['12', '34', '', '', '', ''])
  await user.keyboard('9{Escape}')
  expect(texts()[3]).toBe('')
  await user.keyboard('{ArrowUp}{Delete}')
  expect(texts()[1]).toBe('')
  await user.keyboard('{Control>}z{/Control}')
  expect(texts()[1]).toBe('34')
})

test('a pasted block fills the cells below and to the right, but no locked one', async () => {
  const user = userEvent.setup()
  render(<Page />)
  const cell = screen.getAllByRole('gridcell')[2]
  if (!cell) throw new Error('no cell')
  await user.click(cell)
  fireEvent.paste(document.activeElement ?? document.body, {
    clipboardData: { getData: () => 'x\ty\nz\tw\n' },
  })
  expect(texts()).toEqual(['', '', 'x', 'y', '', ''])
})
