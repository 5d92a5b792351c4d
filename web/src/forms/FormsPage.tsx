import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { calls } from '../filing/http'
import { useForms } from '../filing/queries'
import type { FormHead } from '../filing/types'
import { type Column, DataTable } from '../shared/DataTable'
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { BurdenMeter } from './BurdenMeter'
import { useChain, useWindow } from './words'
import './forms.css'

/** FormsPage (报表) lists the forms that are filed, and how much they ask for all together. */
export function FormsPage() {
  const { t, lang } = useText()
  const forms = useForms()
  const burden = useQuery({ queryKey: ['burden'], queryFn: ({ signal }) => calls.burden(signal) })
  const chain = useChain()
  const window = useWindow()
  const columns: Column<FormHead>[] = [
    {
      key: 'name',
      title: t('form.name'),
      heading: true,
      render: (form) => (
        <Link to="/forms/$code" params={{ code: form.code }}>
          {nameIn(lang, form.name, form.name_en)}
        </Link>
      ),
    },
    { key: 'subject', title: t('form.subject'), render: ({ subject }) => t(`subject.${subject}`) },
    { key: 'every', title: t('task.every'), nowrap: true, render: ({ every }) => t(`every.${every}`) },
    { key: 'fields', title: t('form.fields'), numeric: true, render: ({ fields }) => fields },
    { key: 'chain', title: t('form.chain'), render: (form) => chain(form.chain) },
    { key: 'window', title: t('form.window'), render: (form) => window(form) },
    {
      key: 'version',
      title: t('pack.version'),
      nowrap: true,
      render: ({ version, since }) =>
        version === 0 ? t('pack.shipped') : t('form.versionSince', { version, since: day(since, lang) }),
    },
  ]
  return (
    <div className="pb-page">
      <PageHead title={t('form.title')} note={t('form.note')} />
      <Panel title={t('form.list')}>
        <Loaded
          query={forms}
          height={320}
          empty={(forms) => forms.length === 0}
          emptyText={t('task.noForms')}
        >
          {(forms) => (
            <DataTable caption={t('form.list')} columns={columns} items={forms} rowKey={({ code }) => code} />
          )}
        </Loaded>
      </Panel>
      <Panel title={t('form.burden')} note={t('form.burdenNote')}>
        <Loaded query={burden} height={200}>
          {(burden) => <BurdenMeter burden={burden} />}
        </Loaded>
      </Panel>
    </div>
  )
}
