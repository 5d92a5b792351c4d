import { Link, useParams, useSearch } from '@tanstack/react-router'
import { lazy } from 'react'
import { useForm } from '../filing/queries'
import type { Form, FormItem } from '../filing/types'
import { SeverityWord } from '../filing/Verdicts'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { type Column, DataTable } from '../shared/DataTable'
import { day } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { PackParts, PackVersions } from '../shared/PackParts'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { Empty, Failure } from '../shared/states'
import { useSetSearch } from '../shell/scope'
import { useChain, useWindow } from './words'
import '../filing/filing.css'
import './forms.css'

const FormEditor = lazy(() => import('./FormEditor').then(({ FormEditor }) => ({ default: FormEditor })))

/** FormPage shows one form: what it asks, its rules, who approves it and when, its versions; and edits it. */
export function FormPage() {
  const { code } = useParams({ strict: false })
  if (!code) return <Failure error={null} />
  return <OfCode code={code} />
}

function OfCode({ code }: { code: string }) {
  const { lang, t } = useText()
  const form = useForm(code)
  return (
    <div className="pb-page">
      <Loaded query={form} height={480}>
        {(form) => (
          <>
            <PageHead
              title={nameIn(lang, form.name, form.name_en)}
              note={
                form.version === 0
                  ? t('pack.shipped')
                  : t('form.versionSince', { version: form.version, since: day(form.since, lang) })
              }
            />
            <Parts form={form} />
          </>
        )}
      </Loaded>
    </div>
  )
}

function Parts({ form }: { form: Form }) {
  const { t } = useText()
  const me = useMe()
  const { tab } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const parts = [
    { key: 'fields', label: t('form.fields'), children: <Fields form={form} /> },
    { key: 'rules', label: t('form.rules'), children: <Rules form={form} /> },
    { key: 'process', label: t('form.process'), children: <Process form={form} /> },
    { key: 'versions', label: t('pack.versions'), children: <Versions form={form} /> },
    ...(can(me, 'form.edit')
      ? [{ key: 'edit', label: t('form.edit'), children: <FormEditor form={form} /> }]
      : []),
  ]
  return <PackParts parts={parts} open={tab} onOpen={(tab) => setSearch({ tab })} />
}

function Fields({ form }: { form: Form }) {
  const { t, lang } = useText()
  const sections = form.sections ?? []
  const sectionName = (code: string) => {
    const section = sections.find((known) => known.code === code)
    return section ? nameIn(lang, section.name, section.name_en) : '—'
  }
  const columns: Column<FormItem>[] = [
    {
      key: 'name',
      title: t('fill.field'),
      heading: true,
      width: '20%',
      render: (item) => nameIn(lang, item.name, item.name_en),
    },
    { key: 'section', title: t('form.section'), nowrap: true, render: ({ section }) => sectionName(section) },
    { key: 'kind', title: t('form.kind'), nowrap: true, render: ({ kind }) => t(`fieldKind.${kind}`) },
    {
      key: 'unit',
      title: t('record.unit'),
      nowrap: true,
      render: ({ unit_name }) => unitIn(unit_name) || '—',
    },
    {
      key: 'marks',
      title: t('form.marks'),
      render: (item) =>
        [
          item.required && t('fill.required'),
          item.key && t('form.key'),
          item.read_only && t('form.readOnly'),
          item.measure && t(`measure.${item.measure}`),
        ]
          .filter(Boolean)
          .join(t('app.comma')) || '—',
    },
    {
      key: 'definition',
      title: t('fill.definition'),
      render: (item) => (
        <>
          {nameIn(lang, item.definition, item.definition_en) || '—'}
          {(item.choices ?? []).length > 0 && (
            <small className="pb-soft">
              {' '}
              {item.choices?.map(({ name, name_en }) => nameIn(lang, name, name_en)).join(t('app.comma'))}
            </small>
          )}
        </>
      ),
    },
  ]
  const note = nameIn(lang, form.note, form.note_en)
  return (
    <Panel title={t('form.fields')} note={note || undefined}>
      <DataTable
        caption={t('form.fields')}
        columns={columns}
        items={form.items ?? []}
        rowKey={({ field }) => field}
      />
    </Panel>
  )
}

function Rules({ form }: { form: Form }) {
  const { t, lang } = useText()
  const rules = form.rules ?? []
  const fieldName = (code: string) => {
    const item = (form.items ?? []).find(({ field }) => field === code)
    return item ? nameIn(lang, item.name, item.name_en) : code
  }
  return (
    <Panel title={t('form.rules')} note={t('form.rulesNote')}>
      {rules.length === 0 ? (
        <Empty title={t('form.noRules')} />
      ) : (
        <DataTable
          caption={t('form.rules')}
          items={rules}
          rowKey={({ code }) => code}
          columns={[
            {
              key: 'message',
              title: t('form.rule'),
              heading: true,
              render: (rule) => nameIn(lang, rule.message, rule.message_en),
            },
            {
              key: 'severity',
              title: t('form.severity'),
              nowrap: true,
              render: ({ severity }) => <SeverityWord severity={severity} />,
            },
            {
              key: 'fields',
              title: t('form.fields'),
              render: ({ fields }) => (fields ?? []).map(fieldName).join(t('app.comma')) || '—',
            },
            { key: 'code', title: t('form.code'), nowrap: true, render: ({ code }) => code },
          ]}
        />
      )}
    </Panel>
  )
}

function Process({ form }: { form: Form }) {
  const { t } = useText()
  const chain = useChain()
  const window = useWindow()
  const facts = [
    [t('form.subject'), t(`subject.${form.subject}`)],
    [t('form.owed'), form.owed ? t(`owed.${form.owed}`, form.owed) : t('form.owedByAll')],
    [t('task.every'), t(`every.${form.every}`)],
    [t('form.window'), window(form)],
    [t('form.chain'), chain(form.chain)],
    [t('form.rowsName'), t(form.list ? 'form.isList' : 'form.isSingle')],
    [t('form.combined'), t(form.combined ? 'app.yes' : 'app.no')],
    [t('form.issuer'), [form.issuer, form.number].filter(Boolean).join(' · ') || '—'],
  ]
  return (
    <Panel
      title={t('form.process')}
      extra={
        <Link to="/filings" search={{ form: form.code }}>
          {t('form.toFilings')}
        </Link>
      }
    >
      <dl className="pb-facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Versions({ form }: { form: Form }) {
  const { t } = useText()
  const versions = (form.versions ?? []).map(({ since, ...version }) => ({ ...version, from: since }))
  return <PackVersions note={t('form.versionsNote')} versions={versions} from={t('form.since')} />
}
