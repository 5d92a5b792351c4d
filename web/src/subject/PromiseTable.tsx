import { type Column, DataTable } from '../shared/DataTable'
import { day } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { type Judgement, Verdict } from '../shared/Verdict'
import type { PromiseRow, PromiseState } from './types'
import { amountsOf, yearWords } from './words'

const judgements: Partial<Record<PromiseState, Judgement>> = {
  met: 'good',
  on_course: 'good',
  breach_likely: 'fair',
  breached: 'bad',
}

/** PromiseWord is the state of a promise, with a word and a shape. */
export function PromiseWord({ state }: { state: PromiseState }) {
  const { t } = useText()
  const judgement = judgements[state]
  const word = t(`promiseState.${state}`)
  if (judgement) return <Verdict judgement={judgement}>{word}</Verdict>
  return (
    <span className="pb-sub-pending">
      <Glyph name={state === 'not_due' ? 'more' : 'empty'} />
      {word}
    </span>
  )
}

/** PromiseTable lists promised periods with what was filed, the share, and the reason of the state. */
export function PromiseTable({ rows, caption }: { rows: PromiseRow[]; caption: string }) {
  const { t, lang } = useText()
  const measure = rows[0]?.measure ?? 'output'
  const amounts = amountsOf(
    rows.flatMap(({ promised, actual }) => [promised, actual]),
    measure,
    t('promise.people'),
  )
  const unit = amounts.unit ? ` (${amounts.unit})` : ''
  const columns: Column<PromiseRow>[] = [
    {
      key: 'year',
      title: t('promise.period'),
      heading: true,
      render: (row) => (
        <>
          {yearWords(t, row.measure, row.year)} <Span row={row} />
        </>
      ),
    },
    ...(rows.some(({ basis }) => basis !== 'total')
      ? [
          {
            key: 'per',
            title: t(`promiseBasis.${rows[0]?.basis ?? 'total'}`),
            numeric: true,
            render: ({ value, unit }: PromiseRow) => `${value}\u2009${unitIn(unit)}`,
          },
        ]
      : []),
    {
      key: 'promised',
      title: t('promise.promised') + unit,
      numeric: true,
      render: ({ promised }) => amounts.write(promised),
    },
    {
      key: 'actual',
      title: t('promise.actual') + unit,
      numeric: true,
      render: ({ actual, months_known, months_asked }) => (
        <>
          {actual !== null && months_known < months_asked && '≥ '}
          {amounts.write(actual)}
        </>
      ),
    },
    {
      key: 'attainment',
      title: t('promise.attainment'),
      numeric: true,
      render: ({ attainment }) => (attainment === null ? '—' : `${attainment.toFixed(1)}%`),
    },
    {
      key: 'months',
      title: t('promise.months'),
      numeric: true,
      wideOnly: true,
      render: ({ months_known, months_asked }) =>
        months_asked === 0 ? '—' : `${months_known} / ${months_asked}`,
    },
    {
      key: 'state',
      title: t('promise.state'),
      nowrap: true,
      render: ({ state }) => <PromiseWord state={state} />,
    },
    { key: 'why', title: t('promise.why'), width: '30%', render: (row) => nameIn(lang, row.why, row.why_en) },
  ]
  return (
    <DataTable
      caption={caption}
      columns={columns}
      items={rows}
      rowKey={({ year, from, value }) => `${year}/${from}/${value}`}
    />
  )
}

function Span({ row }: { row: PromiseRow }) {
  const { t, lang } = useText()
  if (!row.from) return null
  const text = row.to
    ? t('enterprise.fromTo', { from: day(row.from, lang), to: day(row.to, lang) })
    : t('enterprise.since', { from: day(row.from, lang) })
  return <span className="pb-soft">{text}</span>
}
