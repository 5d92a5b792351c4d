import { useState } from 'react'
import { Control } from '../filing/SingleForm'
import type { Form, FormItem } from '../filing/types'
import { nameIn, useText } from '../shared/i18n'

/** Preview shows a form as whoever fills it in will see it; what is typed here goes nowhere. */
export function Preview({ form }: { form: Form }) {
  const { t, lang } = useText()
  const [cells, setCells] = useState<Record<string, string>>({})
  const items = form.items ?? []
  const sections = form.sections ?? []
  const groups = [...sections.map(({ code }) => code), ''].map((code) => ({
    code,
    section: sections.find((known) => known.code === code),
    items: items.filter(({ section }) =>
      code === '' ? !sections.some((known) => known.code === section) : section === code,
    ),
  }))
  return (
    <div className="pb-preview">
      <p>
        <b>{nameIn(lang, form.name, form.name_en)}</b>{' '}
        <span className="pb-soft">{t('form.asks', { count: items.length })}</span>
      </p>
      {groups
        .filter((group) => group.items.length > 0)
        .map((group) => (
          <section key={group.code} aria-label={group.section?.name ?? t('form.fields')}>
            {group.section && <h3>{nameIn(lang, group.section.name, group.section.name_en)}</h3>}
            {group.items.map((item) => (
              <Field
                key={item.field}
                item={item}
                text={cells[item.field] ?? ''}
                onSet={(text) => setCells((old) => ({ ...old, [item.field]: text }))}
              />
            ))}
          </section>
        ))}
    </div>
  )
}

function Field({ item, text, onSet }: { item: FormItem; text: string; onSet: (text: string) => void }) {
  const { t, lang } = useText()
  const id = `preview-${item.field}`
  return (
    <div className="pb-preview-field">
      <label htmlFor={id} title={nameIn(lang, item.definition, item.definition_en)}>
        {nameIn(lang, item.name, item.name_en)}
        {item.required && (
          <b className="pb-need" title={t('fill.required')}>
            *
          </b>
        )}
      </label>
      {item.read_only ? (
        <output id={id} className="pb-soft">
          {t('form.readOnly')}
        </output>
      ) : (
        <Control id={id} item={item} text={text} onSet={onSet} />
      )}
    </div>
  )
}
