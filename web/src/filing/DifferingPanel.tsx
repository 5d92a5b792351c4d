import { moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import type { Filing, FormItem } from './types'

/** DifferingPanel lists what offices recorded beside a filing from other sources; it replaces nothing of it. */
export function DifferingPanel({ filing, items }: { filing: Filing; items: FormItem[] }) {
  const { t, lang } = useText()
  const figures = filing.differing ?? []
  if (figures.length === 0) return null
  const nameOf = (code: string) => {
    const item = items.find(({ field }) => field === code)
    return item ? nameIn(lang, item.name, item.name_en) : code
  }
  return (
    <Panel title={t('fill.others')} note={t('fill.othersNote')}>
      <ul className="pb-happened">
        {figures.map((figure) => (
          <li key={figure.id}>
            <b>
              {nameOf(figure.field)}
              {t('fill.colon')}
            </b>
            {figure.stated} {figure.stated_unit} <Nature nature={figure.nature} />
            <br />
            <small>
              {[figure.source, figure.recorder, moment(figure.recorded_at, lang)].filter(Boolean).join(' · ')}
            </small>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
