import { Button, Checkbox, Select } from 'antd'
import { type Column, DataTable } from '../shared/DataTable'
import { percent } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { adjust, assign, type ColumnRow, rowsOf, unitChoices } from './mapping'
import type { ColumnMap, IntakeField, Layout, Mapping, Suggestion } from './types'

interface ColumnTableProps {
  layout: Layout
  mapping: Mapping
  suggestions: Suggestion[]
  fields: IntakeField[]
  onChange: (mapping: Mapping) => void
}

/** ColumnTable sets each column of the file beside the field that it holds, with what speaks for it. */
export function ColumnTable({ layout, mapping, suggestions, fields, onChange }: ColumnTableProps) {
  const { t } = useText()
  const rows = rowsOf(layout, mapping, suggestions)
  const change = (row: ColumnRow, next: Partial<ColumnMap>) =>
    onChange(adjust(mapping, row.seen.letter, next))
  const columns: Column<ColumnRow>[] = [
    {
      key: 'column',
      title: t('intake.column'),
      heading: true,
      width: '22%',
      render: ({ seen }) => <Seen row={seen} />,
    },
    {
      key: 'samples',
      title: t('intake.samples'),
      width: '20%',
      render: ({ seen }) => <Samples row={seen} />,
    },
    {
      key: 'field',
      title: t('intake.field'),
      width: '28%',
      render: (row) => (
        <FieldChoice
          row={row}
          mapping={mapping}
          fields={fields}
          onChoose={(field) => onChange(assign(mapping, row.seen, field))}
        />
      ),
    },
    {
      key: 'reading',
      title: t('intake.reading'),
      render: (row) => (
        <Reading
          row={row}
          field={fields.find(({ code }) => code === row.map.field)}
          onChange={(next) => change(row, next)}
        />
      ),
    },
  ]
  return (
    <DataTable
      caption={t('intake.columns')}
      columns={columns}
      items={rows}
      rowKey={({ seen }) => seen.letter}
      picked={({ seen }) => seen.letter === new URLSearchParams(globalThis.location.search).get('column')}
    />
  )
}

function Seen({ row }: { row: ColumnRow['seen'] }) {
  const { t } = useText()
  return (
    <span id={`column-${row.letter}`} tabIndex={-1} className="pb-seen">
      <b className="pb-letter">{row.letter}</b> {row.title || t('intake.untitled')}
      {row.unit && !row.title.includes(row.unit) && <span className="pb-soft"> · {row.unit}</span>}
    </span>
  )
}

function Samples({ row }: { row: ColumnRow['seen'] }) {
  const { t } = useText()
  return (
    <span className="pb-samples">
      {row.samples?.slice(0, 3).join(' · ') || '—'}
      <small>{t('intake.filled', { share: percent(row.filled, 0) })}</small>
    </span>
  )
}

interface FieldChoiceProps {
  row: ColumnRow
  mapping: Mapping
  fields: IntakeField[]
  onChoose: (field: IntakeField | undefined) => void
}

function FieldChoice({ row, mapping, fields, onChoose }: FieldChoiceProps) {
  const { t, lang } = useText()
  const elsewhere = new Map(
    mapping.columns
      .filter(({ field, column }) => field && column !== row.seen.letter)
      .map(({ field, column }) => [field, column]),
  )
  const option = (field: IntakeField, score?: number) => {
    const marks = [
      score === undefined ? '' : percent(score, 0),
      field.key || field.required ? t('intake.required') : '',
      elsewhere.has(field.code) ? t('intake.takenBy', { column: elsewhere.get(field.code) }) : '',
    ].filter(Boolean)
    const name = nameIn(lang, field.name, field.name_en)
    return {
      value: field.code,
      label: marks.length > 0 ? t('intake.marked', { name, marks: marks.join(t('app.comma')) }) : name,
    }
  }
  const likely = row.proposed.flatMap(({ field, score }) => {
    const known = fields.find(({ code }) => code === field)
    return known ? [option(known, score)] : []
  })
  const taken = new Set(likely.map(({ value }) => value))
  const others = fields.filter(({ code }) => !taken.has(code)).map((field) => option(field))
  const now = row.proposed.find(({ field }) => field === row.map.field)
  return (
    <span className="pb-stack">
      <Select
        aria-label={t('intake.fieldOf', { column: row.seen.letter })}
        value={row.map.field ?? ''}
        onChange={(code) => onChoose(fields.find((field) => field.code === code))}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          { value: '', label: t('intake.notRead') },
          ...(likely.length > 0 ? [{ label: t('intake.likely'), options: likely }] : []),
          { label: t('intake.others'), options: others },
        ]}
        popupMatchSelectWidth={320}
        style={{ width: '100%', minWidth: 180 }}
      />
      {now && (
        <small className="pb-soft">
          {t('intake.confidence', { share: percent(now.score, 0) })}
          {now.reasons?.length
            ? t('intake.because', {
                reasons: now.reasons.map((word) => t(`intakeReason.${word}`, word)).join(t('app.comma')),
              })
            : ''}
        </small>
      )}
    </span>
  )
}

interface ReadingProps {
  row: ColumnRow
  field: IntakeField | undefined
  onChange: (change: Partial<ColumnMap>) => void
}

/** Reading is how the cells of a column are read: unit, order of dates, words for "unknown". */
function Reading({ row, field, onChange }: ReadingProps) {
  const { t } = useText()
  const { map, seen } = row
  if (!field) return <span className="pb-soft">—</span>
  const letter = seen.letter
  const unknown = map.unknown ?? []
  const offered = (seen.odd ?? []).filter((text) => !unknown.includes(text)).slice(0, 4)
  return (
    <span className="pb-stack">
      <span className="pb-filters">
        {field.kind === 'quantity' && field.unit && (
          <Select
            aria-label={t('intake.unitOf', { column: letter })}
            value={map.unit ?? ''}
            onChange={(unit) => onChange({ unit: unit || undefined })}
            options={[
              { value: '', label: t('intake.noUnit') },
              ...unitChoices(field.unit, map.unit).map((value) => ({ value, label: unitIn(value) })),
            ]}
            style={{ width: 120 }}
          />
        )}
        {field.kind === 'date' && (
          <>
            <Select
              aria-label={t('intake.orderOf', { column: letter })}
              value={map.order ?? ''}
              onChange={(order) => onChange({ order: order || undefined })}
              options={['', 'dmy', 'mdy'].map((value) => ({
                value,
                label: t(value ? `intakeOrder.${value}` : 'intake.orderAsTable'),
              }))}
              style={{ width: 150 }}
            />
            <Checkbox
              checked={map.roc ?? false}
              onChange={({ target }) => onChange({ roc: target.checked || undefined })}
            >
              {t('intake.roc')}
            </Checkbox>
          </>
        )}
        <Checkbox
          checked={map.down ?? false}
          onChange={({ target }) => onChange({ down: target.checked || undefined })}
        >
          {t('intake.down')}
        </Checkbox>
      </span>
      <Select
        mode="tags"
        aria-label={t('intake.unknownOf', { column: letter })}
        value={unknown}
        onChange={(next: string[]) => onChange({ unknown: next })}
        placeholder={t('intake.unknownColumn')}
        open={false}
        suffixIcon={null}
        style={{ width: '100%' }}
      />
      {offered.length > 0 && (
        <span className="pb-offers">
          <small className="pb-soft">{t('intake.odd')}</small>
          {offered.map((text) => (
            <Button key={text} size="small" onClick={() => onChange({ unknown: [...unknown, text] })}>
              {t('intake.meansUnknown', { text })}
            </Button>
          ))}
        </span>
      )}
    </span>
  )
}
