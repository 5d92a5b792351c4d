// DataTable is a plain HTML table on a wide window and a list of cards on a phone.
// It neither sorts nor pages: the server does, and the caller says how.
import { type ReactNode, useRef } from 'react'
import { useNarrow } from './useNarrow'
import { useOverflow } from './useOverflow'
import './table.css'

export interface Column<Item> {
  key: string
  title: ReactNode
  render: (item: Item) => ReactNode
  /** Numbers stand right-aligned in tabular figures. */
  numeric?: boolean
  width?: number | string
  /** Short texts that must stay on one line: dates, names of counties. */
  nowrap?: boolean
  /** The cell that names the row; on a card it is the heading. Exactly one column has it. */
  heading?: boolean
  /** Left out on a card. */
  wideOnly?: boolean
}

interface DataTableProps<Item> {
  caption: string
  columns: Column<Item>[]
  items: Item[]
  rowKey: (item: Item) => string
  /** Marks a row that the reader picked. */
  picked?: (item: Item) => boolean
  /** Keeps the table on a phone: for narrow tables of two or three columns. */
  compact?: boolean
}

export function DataTable<Item>(props: DataTableProps<Item>) {
  const narrow = useNarrow()
  return narrow && !props.compact ? <Cards {...props} /> : <Wide {...props} />
}

function Wide<Item>({ caption, columns, items, rowKey, picked }: DataTableProps<Item>) {
  const box = useRef<HTMLElement>(null)
  const over = useOverflow(box)
  return (
    <section ref={box} className="pb-table-scroll" aria-label={caption} tabIndex={over ? 0 : undefined}>
      <table className="pb-table">
        <caption className="pb-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.numeric ? 'num' : undefined}
                style={{ width: column.width }}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={rowKey(item)} className={picked?.(item) ? 'picked' : undefined}>
              {columns.map((column) =>
                column.heading ? (
                  <th key={column.key} scope="row">
                    {column.render(item)}
                  </th>
                ) : (
                  <td key={column.key} className={cellClass(column)}>
                    {column.render(item)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function cellClass<Item>({ numeric, nowrap }: Column<Item>): string | undefined {
  return numeric ? 'num' : nowrap ? 'nowrap' : undefined
}

function Cards<Item>({ caption, columns, items, rowKey }: DataTableProps<Item>) {
  const heading = columns.find((column) => column.heading)
  const rest = columns.filter((column) => !column.heading && !column.wideOnly)
  return (
    <ul className="pb-cards" aria-label={caption}>
      {items.map((item) => (
        <li key={rowKey(item)} className="pb-card">
          <div className="pb-card-head">{heading?.render(item)}</div>
          <dl>
            {rest.map((column) => (
              <div key={column.key}>
                <dt>{column.title}</dt>
                <dd className={column.numeric ? 'num' : undefined}>{column.render(item)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
