import { Alert, Button } from 'antd'
import { type Column, DataTable } from '../shared/DataTable'
import { moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import type { Conflict } from './draft'
import { editCount } from './sheet'
import type { FormItem } from './types'
import type { Entry } from './useEntry'
import { useShow } from './useShow'

type Offering = Pick<Entry, 'offer' | 'accept' | 'discard'>

/** DraftOffer offers what was typed on this computer and never saved. */
export function DraftOffer({ entry }: { entry: Offering }) {
  const { t, lang } = useText()
  const { offer } = entry
  if (!offer) return null
  return (
    <Alert
      type="info"
      showIcon
      role="alert"
      className="pb-offer"
      title={t('fill.draftFound', { count: editCount(offer.edits), at: moment(offer.at, lang) })}
      description={t('fill.draftWhere')}
      action={
        <span className="pb-deeds">
          <Button type="primary" size="small" onClick={entry.accept}>
            {t('fill.draftTake')}
          </Button>
          <Button size="small" onClick={entry.discard}>
            {t('fill.draftDrop')}
          </Button>
        </span>
      }
    />
  )
}

type Deciding = Pick<Entry, 'conflicts' | 'resolve'>

interface ConflictsProps {
  entry: Deciding
  items: FormItem[]
  /** What a row is called where there is more than one. */
  rowName?: (row: string) => string
}

/** Conflicts lists the cells that somebody else changed too; each is decided on its own. */
export function Conflicts({ entry, items, rowName }: ConflictsProps) {
  const { t, lang } = useText()
  const show = useShow()
  const { conflicts, resolve } = entry
  if (conflicts.length === 0) return null
  const itemOf = (field: string) => items.find((item) => item.field === field)
  const shown = (field: string, text: string) => {
    const item = itemOf(field)
    return (item ? show(item, text) : text) || t('fill.emptyCell')
  }
  const columns: Column<Conflict>[] = [
    {
      key: 'cell',
      title: t('fill.cell'),
      heading: true,
      render: ({ row, field }) => {
        const item = itemOf(field)
        const name = item ? nameIn(lang, item.name, item.name_en) : field
        const of = rowName?.(row) ?? row.slice(1)
        return of ? `${of} · ${name}` : name
      },
    },
    { key: 'base', title: t('fill.whenBegun'), numeric: true, render: (c) => shown(c.field, c.base) },
    { key: 'mine', title: t('fill.mineHere'), numeric: true, render: (c) => shown(c.field, c.mine) },
    { key: 'theirs', title: t('fill.savedNow'), numeric: true, render: (c) => shown(c.field, c.theirs) },
    {
      key: 'deeds',
      title: t('table.deeds'),
      render: (conflict) => (
        <span className="pb-deeds">
          <Button size="small" onClick={() => resolve(conflict, 'mine')}>
            {t('fill.takeMine')}
          </Button>
          <Button size="small" onClick={() => resolve(conflict, 'theirs')}>
            {t('fill.takeTheirs')}
          </Button>
        </span>
      ),
    },
  ]
  return (
    <Panel title={t('fill.conflicts')} note={t('fill.conflictsNote')}>
      <DataTable
        caption={t('fill.conflicts')}
        columns={columns}
        items={conflicts}
        rowKey={({ row, field }) => `${row}/${field}`}
      />
    </Panel>
  )
}
