import { useQuery } from '@tanstack/react-query'
import { type Column, DataTable } from '../shared/DataTable'
import { moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { calls } from './http'
import { HowText } from './Origins'
import { address } from './queries'
import type { CellDiff, FormItem, Ref } from './types'
import { useShow } from './useShow'

/** DiffPanel lists the cells that changed since a filing was approved. */
export function DiffPanel({ of, items }: { of: Ref; items: FormItem[] }) {
  const { t, lang } = useText()
  const show = useShow()
  const diff = useQuery({
    queryKey: ['diff', address(of)],
    queryFn: ({ signal }) => calls.diff(of, signal),
  })
  const itemOf = (field: string) => items.find((item) => item.field === field)
  const shown = (field: string, text: string) => {
    const item = itemOf(field)
    return (item ? show(item, text) : text) || t('fill.emptyCell')
  }
  const columns: Column<CellDiff>[] = [
    {
      key: 'cell',
      title: t('fill.cell'),
      heading: true,
      render: ({ key, field }) => {
        const item = itemOf(field)
        const name = item ? nameIn(lang, item.name, item.name_en) : field
        return key ? `${key} · ${name}` : name
      },
    },
    {
      key: 'before',
      title: t('fill.asApproved'),
      numeric: true,
      render: ({ field, before }) => <span className="pb-before">{shown(field, before)}</span>,
    },
    { key: 'after', title: t('fill.now'), numeric: true, render: ({ field, after }) => shown(field, after) },
    {
      key: 'who',
      title: t('fill.who'),
      render: (cell) => (
        <small>
          {cell.who} · {moment(cell.at, lang)}
          <br />
          <HowText origin={cell} />
        </small>
      ),
    },
  ]
  return (
    <Panel
      title={t('fill.diff')}
      note={diff.data && t('fill.diffNote', { at: moment(diff.data.approved_at, lang) })}
    >
      <Loaded query={diff} height={120} empty={({ items }) => !items?.length} emptyText={t('fill.noDiff')}>
        {(data) => (
          <DataTable
            caption={t('fill.diff')}
            columns={columns}
            items={data.items ?? []}
            rowKey={({ key, field }) => `${key}/${field}`}
          />
        )}
      </Loaded>
    </Panel>
  )
}
