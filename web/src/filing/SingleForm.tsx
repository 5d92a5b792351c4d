// A form with one row, field by field: what was filed last month and a year ago stands beside each field.
import { Input, Select } from 'antd'
import { useId, useState } from 'react'
import { periodName } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { faultOf, readCell } from './cellText'
import type { OriginAt } from './Origins'
import { useForms } from './queries'
import type { Filing, Form, FormItem } from './types'
import { type Entry, onlyRow } from './useEntry'
import { useShow } from './useShow'

interface SingleFormProps {
  form: Form
  entry: Entry
  onOrigin: (at: OriginAt) => void
}

export function SingleForm({ form, entry, onOrigin }: SingleFormProps) {
  const { t, lang } = useText()
  const { beside } = entry.filing
  const items = form.items ?? []
  const sections = form.sections ?? []
  const loose = items.filter(({ section }) => !sections.some(({ code }) => code === section))
  const groups = [
    ...sections.map((section) => ({
      code: section.code,
      name: nameIn(lang, section.name, section.name_en),
      items: items.filter((item) => item.section === section.code),
    })),
    { code: '', name: '', items: loose },
  ].filter((group) => group.items.length > 0)
  return (
    <>
      <div className="pb-fill-head" aria-hidden="true">
        <span>{t('fill.field')}</span>
        <span>{t('fill.value')}</span>
        <span className="pb-fill-beside">
          {beside.last_period ? periodName(beside.last_period, lang) : t('fill.lastPeriod')}
        </span>
        <span className="pb-fill-beside">
          {beside.year_ago_period ? periodName(beside.year_ago_period, lang) : t('fill.yearAgo')}
        </span>
        <span />
      </div>
      {groups.map((group) => (
        <section key={group.code} className="pb-fill-section" aria-label={group.name || t('fill.figures')}>
          {group.name && <h3>{group.name}</h3>}
          {group.items.map((item) => (
            <FieldRow key={item.field} item={item} entry={entry} onOrigin={onOrigin} />
          ))}
        </section>
      ))}
    </>
  )
}

interface FieldRowProps {
  item: FormItem
  entry: Entry
  onOrigin: (at: OriginAt) => void
}

function FieldRow({ item, entry, onOrigin }: FieldRowProps) {
  const { t, lang } = useText()
  const id = useId()
  const [defined, setDefined] = useState(false)
  const name = nameIn(lang, item.name, item.name_en)
  const definition = nameIn(lang, item.definition, item.definition_en)
  const writable = entry.open && !item.read_only
  return (
    <div className="pb-fill-row">
      <div className="pb-fill-name">
        <label htmlFor={id}>{name}</label>
        {item.required && (
          <b className="pb-need" title={t('fill.required')}>
            *<span className="pb-hidden">{t('fill.required')}</span>
          </b>
        )}
        {definition && (
          <>
            {' '}
            <button
              type="button"
              className="pb-link-button"
              aria-expanded={defined}
              aria-label={t('fill.definitionOf', { name })}
              onClick={() => setDefined(!defined)}
            >
              {t('fill.definition')}
            </button>
          </>
        )}
        {defined && <p className="pb-define">{definition}</p>}
      </div>
      <Value id={id} item={item} entry={entry} writable={writable} />
      <Beside item={item} text={entry.filing.beside.last[item.field]} label={t('fill.lastPeriod')} />
      <Beside item={item} text={entry.filing.beside.year_ago[item.field]} label={t('fill.yearAgo')} />
      <button
        type="button"
        className="pb-icon-button"
        aria-label={t('fill.originOf', { name })}
        title={t('fill.origin')}
        disabled={entry.filing.version === 0}
        onClick={() => onOrigin({ key: '', field: item.field })}
      >
        <Glyph name="search" />
      </button>
    </div>
  )
}

function Beside({ item, text, label }: { item: FormItem; text: string | undefined; label: string }) {
  const show = useShow()
  return (
    <div className="pb-fill-beside">
      <small className="pb-fill-when">{label}</small>
      {show(item, text) || '—'}
    </div>
  )
}

interface ValueProps {
  id: string
  item: FormItem
  entry: Entry
  writable: boolean
}

function Value({ id, item, entry, writable }: ValueProps) {
  const { t } = useText()
  const show = useShow()
  const { field } = item
  const text = entry.value(onlyRow, field)
  const set = (next: string) => entry.write([{ row: onlyRow, field, text: next }])
  const fault = faultOf(item, text)
  const refused = entry.faults[onlyRow]?.[field]
  if (!writable)
    return (
      <div className="pb-fill-text">
        <output id={id}>
          {show(item, text) || <span className="pb-soft">{t('fill.emptyCell')}</span>}
          {text && item.unit_name && <span className="pb-soft"> {unitIn(item.unit_name)}</span>}
        </output>
        <Marks entry={entry} item={item} fault={null} refused={undefined} />
      </div>
    )
  return (
    <div className={`pb-fill-input ${entry.changed(onlyRow, field) ? 'changed' : ''}`}>
      <Control id={id} item={item} text={text} onSet={set} invalid={Boolean(fault ?? refused)} />
      <Marks entry={entry} item={item} fault={fault} refused={refused} />
    </div>
  )
}

interface ControlProps {
  id: string
  item: FormItem
  text: string
  invalid?: boolean
  onSet: (text: string) => void
}

/** Control is the input of a field: typed, or picked where there is only so much to answer. */
export function Control({ id, item, text, invalid, onSet }: ControlProps) {
  const { t, lang } = useText()
  const name = nameIn(lang, item.name, item.name_en)
  if (item.kind === 'choice' || item.kind === 'truth') {
    const options =
      item.kind === 'truth'
        ? [
            { value: 'true', label: t('app.yes') },
            { value: 'false', label: t('app.no') },
          ]
        : (item.choices ?? []).map((choice) => ({
            value: choice.code,
            label: nameIn(lang, choice.name, choice.name_en),
          }))
    return (
      <Select
        id={id}
        aria-label={name}
        value={text || undefined}
        allowClear
        status={invalid ? 'error' : undefined}
        options={options}
        onChange={(next: string | undefined) => onSet(next ?? '')}
      />
    )
  }
  return (
    <Input
      id={id}
      value={text}
      inputMode={item.kind === 'quantity' ? 'decimal' : undefined}
      placeholder={item.kind === 'date' ? t('fill.dateHint') : undefined}
      suffix={unitIn(item.unit_name) || undefined}
      status={invalid ? 'error' : undefined}
      aria-invalid={invalid || undefined}
      autoComplete="off"
      onChange={(event) => onSet(event.target.value)}
      onBlur={(event) => {
        const read = readCell(item, event.target.value)
        if (read !== text) onSet(read)
      }}
    />
  )
}

interface MarksProps {
  item: FormItem
  entry: Entry
  fault: ReturnType<typeof faultOf>
  refused: string | undefined
}

/** Marks say in words what is special about a value: refused, doubtful, not saved, brought from elsewhere. */
function Marks({ item, entry, fault, refused }: MarksProps) {
  const { t } = useText()
  const { field } = item
  const { filing } = entry
  const text = entry.value(onlyRow, field)
  const verdict = worst(filing, field)
  const offered = filing.prefill[field]
  const brought = offered && offered.value === text && entry.changed(onlyRow, field)
  const could = offered && entry.open && text === ''
  if (!fault && !refused && !verdict && !entry.changed(onlyRow, field) && !could) return null
  return (
    <p className="pb-fill-marks">
      {fault && <span className="bad">{t(fault)}</span>}
      {refused && <span className="bad">{refused}</span>}
      {verdict && <span className={verdict.severity === 'error' ? 'bad' : 'fair'}>{verdict.message}</span>}
      {brought && <From from={offered.from} />}
      {entry.changed(onlyRow, field) && <span>{t('fillState.unsaved')}</span>}
      {could && (
        <button
          type="button"
          className="pb-link-button"
          onClick={() => entry.write([{ row: onlyRow, field, text: offered.value }])}
        >
          {t('fill.couldBring', { value: offered.value })}
        </button>
      )}
    </p>
  )
}

/** From names the form, by its name, or the ledger that a value was taken from. */
function From({ from }: { from: string }) {
  const { t, lang } = useText()
  const forms = useForms()
  const [code, ...rest] = from.split(' ')
  const form = forms.data?.find((known) => known.code === code)
  const name = form ? [nameIn(lang, form.name, form.name_en), ...rest].join(' ') : from
  return <span>{t('fill.broughtFrom', { from: from === 'ledger' ? t('fill.ledger') : name })}</span>
}

// worst is the gravest verdict about a field that is an error or a warning.
function worst(filing: Filing, field: string) {
  const about = (filing.verdicts ?? []).filter(({ fields }) => fields?.includes(field))
  return (
    about.find(({ severity }) => severity === 'error') ?? about.find(({ severity }) => severity === 'warning')
  )
}
