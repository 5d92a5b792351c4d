import { render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { type Column, DataTable } from './DataTable'

interface Item {
  id: string
  name: string
  area: string
}

const columns: Column<Item>[] = [
  { key: 'name', title: '名称', heading: true, render: ({ name }) => name },
  { key: 'area', title: '面积', numeric: true, render: ({ area }) => area },
  { key: 'note', title: '备注', wideOnly: true, render: () => '仅宽屏' },
]
const items = [{ id: '1', name: '甲园', area: '12' }]

function phone() {
  vi.spyOn(globalThis, 'matchMedia').mockImplementation(
    (media) =>
      ({
        media,
        matches: true,
        addEventListener() {},
        removeEventListener() {},
      }) as unknown as MediaQueryList,
  )
}

afterEach(() => vi.restoreAllMocks())

test('a wide window has a table whose rows are named by their heading cell', () => {
  render(<DataTable caption="园区" columns={columns} items={items} rowKey={({ id }) => id} />)
  expect(screen.getByRole('table', { name: '园区' })).toBeTruthy()
  expect(screen.getByRole('rowheader', { name: '甲园' })).toBeTruthy()
  expect(screen.getByRole('columnheader', { name: '面积' })).toBeTruthy()
})

test('a phone has cards, without the columns that are for wide windows', () => {
  phone()
  render(<DataTable caption="园区" columns={columns} items={items} rowKey={({ id }) => id} />)
  expect(screen.queryByRole('table')).toBeNull()
  expect(screen.getByRole('listitem').textContent).toContain('面积12')
  expect(screen.queryByText('仅宽屏')).toBeNull()
})

test('a compact table stays a table on a phone', () => {
  phone()
  render(<DataTable caption="园区" columns={columns} items={items} rowKey={({ id }) => id} compact />)
  expect(screen.getByRole('table', { name: '园区' })).toBeTruthy()
})
