import { Button, Popover } from 'antd'
import { nameIn, unitIn, useText } from '../shared/i18n'
import type { CellLook, GridColumn } from './Grid'
import type { FormItem } from './types'

const lines = ['move', 'type', 'block', 'undo', 'save', 'leave'] as const

/** SheetHelp says which keys the sheet takes and what its colours mean. */
export function SheetHelp() {
  const { t } = useText()
  return (
    <span className="pb-legend">
      <span>
        <i className="unsaved" />
        {t('fillState.unsaved')}
      </span>
      <span>
        <i className="invalid" />
        {t('fillState.invalid')}
      </span>
      <span>
        <i className="locked" />
        {t('fillState.locked')}
      </span>
      <Popover
        trigger="click"
        title={t('fill.keys')}
        content={
          <ul className="pb-plain-list">
            {lines.map((line) => (
              <li key={line}>{t(`sheetKey.${line}`)}</li>
            ))}
          </ul>
        }
      >
        <Button size="small">{t('fill.keys')}</Button>
      </Popover>
    </span>
  )
}

interface StatusLineProps {
  active: { row: string; column: GridColumn } | null
  item: FormItem | undefined
  look: (row: string, column: GridColumn) => CellLook
  rowName?: string
}

/** StatusLine says of the active cell in words what its colour means, and what the field is. */
export function StatusLine({ active, item, look, rowName }: StatusLineProps) {
  const { t, lang } = useText()
  if (!active) return <p className="pb-statusline">{t('fill.pickCell')}</p>
  const { shown, state, why } = look(active.row, active.column)
  const definition = item ? nameIn(lang, item.definition, item.definition_en) : ''
  return (
    <p className="pb-statusline" role="status">
      <strong>{[rowName, active.column.title].filter(Boolean).join(' · ')}</strong>
      <span>
        {shown || t('fill.emptyCell')} {shown && unitIn(item?.unit_name)}
      </span>
      {(shown || state !== 'saved') && <span>{why ?? t(`fillState.${state}`)}</span>}
      {definition && <span>{definition}</span>}
    </p>
  )
}
