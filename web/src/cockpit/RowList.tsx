import type { Column } from '../shared/DataTable'
import { day, exact } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { EnterpriseLink, ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageTable } from '../shared/PageTable'
import { SourceText } from '../shared/SourceText'
import type { Row } from '../shared/types'
import { type Drill, useRows } from './rows'

/** RowList shows the rows of a cell: each with its amount, its nature, its source and its date. */
export function RowList({ drill, word }: { drill: Drill; word: string }) {
  const { t, lang } = useText()
  const rows = useRows(drill)
  const unit = rows.data?.pages[0]?.unit ?? ''
  const columns: Column<Row>[] = [
    {
      key: 'name',
      title: t('rows.name'),
      heading: true,
      width: '36%',
      render: (row) => <RowName row={row} />,
    },
    {
      key: 'amount',
      title: t(drill.part === 'numerator' ? 'rows.contribution' : 'rows.amount'),
      numeric: true,
      render: (row) => exact(row.amount, unit, lang, word),
    },
    { key: 'date', title: t('rows.date'), nowrap: true, render: (row) => day(row.date, lang) },
    { key: 'nature', title: t('rows.nature'), render: (row) => <Nature nature={row.nature} /> },
    { key: 'source', title: t('rows.source'), render: (row) => <SourceText text={row.source} /> },
  ]
  if (drill.part === 'numerator') {
    columns.splice(1, 0, {
      key: 'quantity',
      title: t('rows.amount'),
      numeric: true,
      render: ({ quantity, quantity_unit }) =>
        quantity == null ? '—' : exact(quantity, quantity_unit ?? '', lang),
    })
  }
  return (
    <PageTable
      caption={t('rows.title')}
      query={rows}
      columns={columns}
      rowKey={rowKey}
      emptyText={t('rows.empty')}
    />
  )
}

function rowKey(row: Row): string {
  return [row.kind, row.id, row.date, row.subtracted].join('|')
}

function RowName({ row }: { row: Row }) {
  const { t, lang } = useText()
  const below = [
    t(`kind.${row.kind}`, row.kind),
    row.park_name !== row.name && row.park_name,
    nameIn(lang, row.org_name, row.org_name_en),
    row.subtracted && t('rows.subtracted'),
  ]
  return (
    <>
      <RowLink row={row} />
      <br />
      <small className="pb-soft">{below.filter(Boolean).join(' · ')}</small>
    </>
  )
}

function RowLink({ row }: { row: Row }) {
  const name = row.name || row.id
  if (row.enterprise) return <EnterpriseLink id={row.enterprise} name={name} />
  if (row.park) return <ParkLink id={row.park} name={name} />
  return <>{name}</>
}
