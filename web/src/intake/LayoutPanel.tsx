import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { Refusal } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Labelled } from './StartPanel'
import type { Intake, Layout } from './types'

interface LayoutPanelProps {
  intake: Intake
  layout: Layout | undefined
  busy: boolean
  error: unknown
  onRead: (found: { sheet: string; first: number; last: number }) => void
}

/** LayoutPanel says on which sheet and in which rows the header was found, and takes another answer. */
export function LayoutPanel({ intake, layout, busy, error, onRead }: LayoutPanelProps) {
  const { t } = useText()
  const [sheet, setSheet] = useState(layout?.sheet ?? intake.sheets?.[0]?.name ?? '')
  const [first, setFirst] = useState(layout?.first ?? 1)
  const [last, setLast] = useState(layout?.last ?? 1)
  const changed = !layout || sheet !== layout.sheet || first !== layout.first || last !== layout.last
  const sheets = intake.sheets ?? []

  function chooseSheet(next: string) {
    setSheet(next)
    const found = intake.layouts?.find((one) => one.sheet === next)
    setFirst(found?.first ?? 1)
    setLast(found?.last ?? 1)
  }

  return (
    <Panel title={t('intake.header')} note={t('intake.headerNote')}>
      <div className="pb-filters">
        {sheets.length > 1 && (
          <Labelled text={t('intake.sheet')}>
            <Select
              aria-label={t('intake.sheet')}
              value={sheet}
              onChange={chooseSheet}
              options={sheets.map(({ name }) => ({ value: name, label: name }))}
              style={{ width: 240 }}
            />
          </Labelled>
        )}
        <Labelled text={t('intake.headerFirst')}>
          <InputNumber
            aria-label={t('intake.headerFirst')}
            min={1}
            max={3000}
            value={first}
            onChange={(value) => {
              const row = value ?? 1
              setFirst(row)
              if (row > last) setLast(row)
            }}
            style={{ width: 84 }}
          />
        </Labelled>
        <Labelled text={t('intake.headerLast')}>
          <InputNumber
            aria-label={t('intake.headerLast')}
            min={first}
            max={first + 7}
            value={last}
            onChange={(value) => setLast(value ?? first)}
            style={{ width: 84 }}
          />
        </Labelled>
        <Button disabled={!changed} loading={busy} onClick={() => onRead({ sheet, first, last })}>
          {t('intake.readAgain')}
        </Button>
      </div>
      {error ? <Refusal error={error} /> : null}
      {layout?.title && layout.title.length > 0 && (
        <p className="pb-soft pb-above">
          {t('intake.above', { text: layout.title.join(' ／ ') })}
          {layout.unit && ` ${t('intake.tableUnit', { unit: layout.unit })}`}
        </p>
      )}
    </Panel>
  )
}
