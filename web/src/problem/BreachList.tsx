import { useSearch } from '@tanstack/react-router'
import { Select } from 'antd'
import type { Column } from '../shared/DataTable'
import { periodName } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { PageTable } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import { Verdict } from '../shared/Verdict'
import { useScope, useSetSearch } from '../shell/scope'
import { amountsOf, yearWords } from '../subject/words'
import { SubjectLink } from './parts'
import { useBreaches } from './queries'
import type { Breach } from './types'

const states = ['breached', 'breach_likely'] as const

/** BreachList lists promises that are missed, or will be at the pace so far, missed ones first. */
export function BreachList() {
  const { t } = useText()
  const { org } = useScope()
  const { state } = useSearch({ strict: false })
  const known = states.find((one) => one === state)
  const breaches = useBreaches({ org, state: known })
  const setSearch = useSetSearch()
  const columns = useColumns()
  return (
    <Panel
      title={t('problem.breaches')}
      note={t('problem.breachesNote')}
      extra={
        <Select
          aria-label={t('problem.state')}
          value={known ?? ''}
          onChange={(next) => setSearch({ state: next || undefined })}
          options={[
            { value: '', label: t('problem.allStates') },
            ...states.map((value) => ({ value, label: t(`promiseState.${value}`) })),
          ]}
          style={{ width: 130 }}
        />
      }
    >
      <PageTable
        caption={t('problem.breaches')}
        query={breaches}
        columns={columns}
        rowKey={({ kind, id, row }) =>
          [kind, id, row.origin, row.line, row.measure, row.basis, row.year, row.from].join('/')
        }
        emptyText={t('problem.noBreaches')}
        emptyDetail={t('problem.noBreachesWhy')}
      />
    </Panel>
  )
}

function useColumns(): Column<Breach>[] {
  const { t, lang } = useText()
  return [
    {
      key: 'subject',
      title: t('problem.subject'),
      heading: true,
      width: '22%',
      render: (breach) => (
        <>
          <SubjectLink kind={breach.kind} id={breach.id} name={breach.name} />
          <div className="pb-soft pb-prob-where">
            {t(`problemKind.${breach.kind}`)} · {nameIn(lang, breach.org_name, breach.org_name_en)}
          </div>
        </>
      ),
    },
    {
      key: 'promise',
      title: t('problem.promise'),
      render: ({ row }) => (
        <>
          {t('promise.seriesOf', {
            measure: t(`promiseMeasure.${row.measure}`),
            basis: t(`promiseBasis.${row.basis}`),
          })}{' '}
          {yearWords(t, row.measure, row.year)}
          <div className="pb-soft">
            {row.origin === 'contract' ? t('promise.contract') : nameIn(lang, row.name, row.name_en)}
            {row.from && ` · ${spanOf(row, lang)}`}
          </div>
        </>
      ),
    },
    {
      key: 'promised',
      title: t('promise.promised'),
      numeric: true,
      render: (one) => <Amount of={one} part="promised" />,
    },
    {
      key: 'actual',
      title: t('promise.actual'),
      numeric: true,
      render: (one) => <Amount of={one} part="actual" />,
    },
    {
      key: 'attainment',
      title: t('promise.attainment'),
      numeric: true,
      render: ({ row }) => (row.attainment === null ? '—' : `${row.attainment.toFixed(1)}%`),
    },
    {
      key: 'state',
      title: t('problem.state'),
      nowrap: true,
      render: ({ row }) => <State state={row.state} />,
    },
    {
      key: 'why',
      title: t('promise.why'),
      width: '26%',
      render: ({ row }) => (
        <>
          {nameIn(lang, row.why, row.why_en)}
          {row.certain === 'assumed' && <span className="pb-soft"> {t('ruleBasis.assumed')}</span>}
        </>
      ),
    },
  ]
}

function spanOf({ from, to }: Breach['row'], lang: 'zh-CN' | 'en'): string {
  return [from, to]
    .filter(Boolean)
    .map((month) => periodName(month, lang))
    .join(' – ')
}

function Amount({ of: { row }, part }: { of: Breach; part: 'promised' | 'actual' }) {
  const { t } = useText()
  const amounts = amountsOf([row.promised, row.actual], row.measure, t('promise.people'))
  const least = part === 'actual' && row.actual !== null && row.months_known < row.months_asked
  return (
    <>
      {least && '≥ '}
      {amounts.write(row[part])} {row[part] !== null && amounts.unit}
    </>
  )
}

function State({ state }: { state: Breach['row']['state'] }) {
  const { t } = useText()
  const word = t(`promiseState.${state}`)
  if (state === 'breached') return <Verdict judgement="bad">{word}</Verdict>
  if (state === 'breach_likely') return <Verdict judgement="fair">{word}</Verdict>
  return (
    <span className="pb-soft">
      <Glyph name="empty" /> {word}
    </span>
  )
}
