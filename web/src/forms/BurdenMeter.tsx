import type { Burden } from '../filing/types'
import { type Column, DataTable } from '../shared/DataTable'
import { nameIn, useText } from '../shared/i18n'

type Line = NonNullable<Burden['forms']>[number]

const one = (cells: number) => cells.toLocaleString('en-US', { maximumFractionDigits: 1 })

/** BurdenMeter shows how many cells are asked per subject and month: each form for itself, and answered once. */
export function BurdenMeter({ burden }: { burden: Burden }) {
  const { t, lang } = useText()
  const most = Math.max(burden.before, burden.after, 1)
  const columns: Column<Line>[] = [
    {
      key: 'form',
      title: t('form.name'),
      heading: true,
      render: (line) => nameIn(lang, line.name, line.name_en),
    },
    { key: 'subject', title: t('form.subject'), render: ({ subject }) => t(`subject.${subject}`, subject) },
    { key: 'cells', title: t('form.cells'), numeric: true, render: ({ cells }) => one(cells) },
    { key: 'before', title: t('form.before'), numeric: true, render: ({ before }) => one(before) },
    { key: 'after', title: t('form.after'), numeric: true, render: ({ after }) => one(after) },
  ]
  return (
    <>
      <dl className="pb-burden">
        <Bar name={t('form.before')} cells={burden.before} most={most} tone="before" />
        <Bar name={t('form.after')} cells={burden.after} most={most} tone="after" />
      </dl>
      {burden.once > 0 && <p className="pb-soft">{t('form.once', { cells: one(burden.once) })}</p>}
      <DataTable
        compact
        caption={t('form.burden')}
        columns={columns}
        items={burden.forms ?? []}
        rowKey={({ form }) => form}
      />
    </>
  )
}

function Bar({ name, cells, most, tone }: { name: string; cells: number; most: number; tone: string }) {
  const { t } = useText()
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={tone} style={{ width: `${(cells / most) * 100}%` }} />
        <b>{t('form.cellCount', { cells: one(cells) })}</b>
      </dd>
    </div>
  )
}
