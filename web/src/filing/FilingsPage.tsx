import { useSearch } from '@tanstack/react-router'
import { Button, Input, Segmented, Select } from 'antd'
import { can } from '../session/can'
import { useMe } from '../session/session'
import type { Column } from '../shared/DataTable'
import { day, moment, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { PageTable, usePages } from '../shared/PageTable'
import { Loaded, Panel } from '../shared/Panel'
import { isPeriod } from '../shared/period'
import { Verdict } from '../shared/Verdict'
import { useScope, useSetSearch } from '../shell/scope'
import { FilingState, Waiting } from './FilingState'
import { calls, exportAddress } from './http'
import { FilingLink } from './links'
import { ManySheet } from './ManySheet'
import { PeriodPick } from './PeriodPick'
import { useForms } from './queries'
import { allows, type FilingRow, type FormHead, filingStates } from './types'
import { periodOf } from './window'
import './filing.css'

/** FilingsPage (填报情况) lists who owes a form for a period, and is where an office fills in many at once. */
export function FilingsPage() {
  const { t } = useText()
  const forms = useForms()
  const { form: code } = useSearch({ strict: false })
  return (
    <div className="pb-page">
      <Loaded query={forms} height={480} empty={(forms) => forms.length === 0} emptyText={t('task.noForms')}>
        {(forms) => {
          const form = forms.find((known) => known.code === code) ?? forms[0]
          return form && <OfForm key={form.code} form={form} forms={forms} />
        }}
      </Loaded>
    </div>
  )
}

function OfForm({ form, forms }: { form: FormHead; forms: FormHead[] }) {
  const { t, lang } = useText()
  const me = useMe()
  const { org } = useScope()
  const { view, period } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const at = periodOf(form, isPeriod(period) ? period : me.last_period)
  const sheet = !form.list && can(me, 'filing.fill')
  const name = nameIn(lang, form.name, form.name_en)
  const query = { form: form.code, period: at === '-' ? undefined : at, org }
  return (
    <div className="pb-column">
      <PageHead title={name} note={at === '-' ? t('task.standing') : periodName(at, lang)}>
        {form.every === 'month' && <PeriodPick period={at} today={new Date().toISOString()} />}
      </PageHead>
      <Panel
        title={t('task.filings')}
        extra={
          <div className="pb-filters">
            {sheet && (
              <Segmented
                aria-label={t('task.view')}
                value={view === 'sheet' ? 'sheet' : 'list'}
                onChange={(next) => setSearch({ view: next === 'sheet' ? 'sheet' : undefined })}
                options={[
                  { value: 'list', label: t('task.asList') },
                  { value: 'sheet', label: t('task.asSheet') },
                ]}
              />
            )}
            <Button href={exportAddress(query, 'xlsx')}>{t('fill.exportXlsx')}</Button>
            <Button href={exportAddress(query, 'csv')}>{t('fill.exportCsv')}</Button>
          </div>
        }
      >
        <Filters form={form} forms={forms} />
        {sheet && view === 'sheet' ? (
          <ManySheet key={`${form.code}/${at}/${org}`} code={form.code} period={at} org={org} />
        ) : (
          <FilingList form={form} at={at} org={org} />
        )}
      </Panel>
    </div>
  )
}

function Filters({ form, forms }: { form: FormHead; forms: FormHead[] }) {
  const { t, lang } = useText()
  const { state, q } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  return (
    <div className="pb-filters pb-tools">
      <Select
        aria-label={t('task.form')}
        value={form.code}
        onChange={(next) => setSearch({ form: next, view: undefined })}
        options={forms.map((known) => ({
          value: known.code,
          label: nameIn(lang, known.name, known.name_en),
        }))}
        style={{ width: 200 }}
      />
      <Select
        aria-label={t('task.state')}
        value={state ?? ''}
        onChange={(next) => setSearch({ state: next || undefined })}
        options={[
          { value: '', label: t('task.allStates') },
          ...filingStates.map((value) => ({ value, label: t(`filingState.${value}`) })),
        ]}
        style={{ width: 130 }}
      />
      <Input.Search
        aria-label={t('task.subject')}
        placeholder={t('task.subject')}
        defaultValue={q}
        key={q}
        onSearch={(text) => setSearch({ q: text.trim() || undefined })}
        style={{ width: 220 }}
      />
    </div>
  )
}

function FilingList({ form, at, org }: { form: FormHead; at: string; org: string | undefined }) {
  const { t, lang } = useText()
  const { state: wanted, q } = useSearch({ strict: false })
  const state = filingStates.find((known) => known === wanted)
  const query = { form: form.code, period: at, org, state, q }
  const rows = usePages(['filings', query], (cursor, signal) =>
    calls.filings({ ...query, cursor: cursor || undefined, limit: 50 }, signal),
  )
  const columns: Column<FilingRow>[] = [
    {
      key: 'subject',
      title: t('task.subject'),
      heading: true,
      width: '30%',
      render: (row) => <FilingLink to={row}>{row.subject_name}</FilingLink>,
    },
    {
      key: 'org',
      title: t('park.org'),
      nowrap: true,
      render: (row) => nameIn(lang, row.org_name, row.org_name_en),
    },
    {
      key: 'state',
      title: t('task.state'),
      render: (row) => (
        <>
          <FilingState state={row.state} /> <Waiting filing={row} chain={form.chain ?? []} />
          {row.changed_since_approval && (
            <>
              {' '}
              <Verdict judgement="fair">{t('fill.changedSince')}</Verdict>
            </>
          )}
        </>
      ),
    },
    {
      key: 'due',
      title: t('task.due'),
      nowrap: true,
      render: ({ due, late }) => (
        <>
          {due ? day(due, lang) : '—'} {late && <Verdict judgement="bad">{t('task.late')}</Verdict>}
        </>
      ),
    },
    {
      key: 'sent',
      title: t('fill.submitted'),
      render: ({ submitted_at, submitted_by }) =>
        submitted_at ? `${submitted_by} · ${moment(submitted_at, lang)}` : <span className="pb-soft">—</span>,
    },
    {
      key: 'deed',
      title: t('table.deeds'),
      render: (row) => <FilingLink to={row}>{t(deedOf(row))}</FilingLink>,
    },
  ]
  return (
    <PageTable
      caption={t('task.filings')}
      query={rows}
      columns={columns}
      rowKey={({ kind, subject }) => `${kind}/${subject}`}
      emptyText={t('task.noFilings')}
      emptyDetail={t('task.noFilingsWhy')}
    />
  )
}

function deedOf(row: FilingRow): 'task.fill' | 'task.review' | 'task.look' {
  if (allows(row, 'fill')) return 'task.fill'
  return allows(row, 'approve') ? 'task.review' : 'task.look'
}
