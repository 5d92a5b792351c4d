// The parts of a review that are about the whole office, as they were frozen.
import { Button } from 'antd'
import { VerdictTag } from '../readiness/parts'
import { type Column, DataTable } from '../shared/DataTable'
import { type Lang, moment, periodName, quantity } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { Natures } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import { SourceText } from '../shared/SourceText'
import { Empty } from '../shared/states'
import type { Graded } from './GradeDrawer'
import { GradeText } from './GradeText'
import type { Before, Body, BridgeStep, Count, Indicator, Place, Review } from './types'
import { amount, stageNamesOf, targetOf } from './view'

export function useIndicatorColumns(review: Review, print = false): Column<Indicator>[] {
  const { t, lang } = useText()
  const targets = review.targets?.targets
  const columns: Column<Indicator>[] = [
    {
      key: 'name',
      title: t('quarter.indicator'),
      heading: true,
      render: ({ name, name_en, quarter }) => (
        <>
          {nameIn(lang, name, name_en)} <Natures natures={quarter.natures} />
        </>
      ),
    },
    {
      key: 'quarter',
      title: periodName(review.quarter, lang),
      numeric: true,
      render: ({ unit, quarter }) => amount(quarter.value, unit, lang, unitIn),
    },
    {
      key: 'previous',
      title: t('quarter.previous'),
      numeric: true,
      render: ({ unit, quarter }) => amount(quarter.previous, unit, lang, unitIn),
    },
    {
      key: 'year',
      title: t('quarter.yearToDate'),
      numeric: true,
      render: ({ unit, year }) => amount(year.value, unit, lang, unitIn),
    },
  ]
  if ((targets?.length ?? 0) > 0)
    columns.push(
      {
        key: 'target',
        title: t('quarter.target'),
        numeric: true,
        render: ({ code }) => {
          const target = targetOf(targets, code)
          return target ? `${target.stated}\u2009${unitIn(target.stated_unit)}` : '—'
        },
      },
      {
        key: 'pace',
        title: t('quarter.pace'),
        numeric: true,
        render: ({ code, unit }) => {
          const target = targetOf(targets, code)
          if (!target || target.pace === null) return '—'
          return amount(target.pace, target.unit === 'count' ? unit : target.unit, lang, unitIn)
        },
      },
    )
  if (print) return columns
  return [
    ...columns,
    {
      key: 'rows',
      title: t('quarter.rows'),
      numeric: true,
      wideOnly: true,
      render: ({ quarter }) => quarter.rows,
    },
  ]
}

/** Indicators shows the office's indicators of the quarter; targets stand beside them only for those who may see them. */
export function Indicators({ review }: { review: Review }) {
  const { t, lang } = useText()
  const columns = useIndicatorColumns(review)
  const indicators = review.body.indicators ?? []
  const targets = review.targets?.targets ?? []
  return (
    <Panel
      title={t('quarter.indicators')}
      note={indicators[0] && t('quarter.packIs', { number: indicators[0].pack })}
    >
      <DataTable
        caption={t('quarter.indicators')}
        columns={columns}
        items={indicators}
        rowKey={({ code }) => code}
      />
      {targets.length > 0 && (
        <details className="pb-quart-before">
          <summary>{t('quarter.targetSources')}</summary>
          <ul>
            {targets.map(({ indicator, kind, year, stated, stated_unit, source }) => (
              <li key={[indicator, kind, year, stated, source].join('/')}>
                {t(`quarterTarget.${kind}`, {
                  name: nameOfIndicator(review, indicator, lang),
                  year,
                  stated: `${stated}\u2009${unitIn(stated_unit)}`,
                })}{' '}
                <span className="pb-soft">
                  <SourceText text={source} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  )
}

function nameOfIndicator(review: Review, code: string, lang: Lang): string {
  const known = review.body.indicators?.find((one) => one.code === code)
  return known ? nameIn(lang, known.name, known.name_en) : code
}

export function useFunnelColumns(body: Body): Column<Count>[] {
  const { t, lang } = useText()
  const names = stageNamesOf(body, lang)
  return [
    {
      key: 'stage',
      title: t('tenancy.stage'),
      heading: true,
      render: ({ stage }) => names('tenancy', stage),
    },
    { key: 'reached', title: t('quarter.reached'), numeric: true, render: ({ reached }) => reached },
    { key: 'now', title: t('quarter.here'), numeric: true, render: ({ now }) => now },
    {
      key: 'area',
      title: t('quarter.area'),
      numeric: true,
      render: ({ area_m2 }) => quantity(area_m2, 'm2', lang),
    },
  ]
}

export function Funnel({ body }: { body: Body }) {
  const { t } = useText()
  const columns = useFunnelColumns(body)
  return (
    <Panel title={t('quarter.funnel')} note={t('quarter.funnelNote')}>
      <DataTable
        compact
        caption={t('quarter.funnel')}
        columns={columns}
        items={body.funnel ?? []}
        rowKey={({ stage }) => stage}
      />
    </Panel>
  )
}

export function Readiness({ body }: { body: Body }) {
  const { t } = useText()
  const { readiness } = body
  const verdicts = readiness.verdicts ?? []
  return (
    <Panel title={t('quarter.readiness')} note={t('quarter.packIs', { number: readiness.pack })}>
      {verdicts.length === 0 ? (
        <Empty title={t('state.empty')} />
      ) : (
        <ul className="pb-quart-counts">
          {verdicts.map(({ verdict, count }) => (
            <li key={verdict}>
              <VerdictTag verdict={verdict} />
              <b>{count}</b>
            </li>
          ))}
          <li>
            <span>{t('quarter.entered', { year: readiness.year })}</span>
            <b>{readiness.entered}</b>
          </li>
        </ul>
      )}
    </Panel>
  )
}

/** Bridge explains each stage by who came and who went since the review before. */
export function Bridge({ body, before }: { body: Body; before: Before }) {
  const { t, lang } = useText()
  const names = stageNamesOf(body, lang)
  const list = (of: BridgeStep['came']) => (
    <>
      {of?.length ?? 0}
      {(of?.length ?? 0) > 0 && (
        <details className="pb-quart-names">
          <summary>{t('quarter.who')}</summary>
          {of?.map(({ name }) => name).join(t('app.comma'))}
        </details>
      )}
    </>
  )
  const columns: Column<BridgeStep>[] = [
    {
      key: 'stage',
      title: t('tenancy.stage'),
      heading: true,
      render: ({ stage }) => names('tenancy', stage),
    },
    {
      key: 'before',
      title: t('quarter.before', { at: moment(before.at, lang) }),
      numeric: true,
      render: (step) => step.before,
    },
    { key: 'came', title: t('quarter.came'), render: ({ came }) => list(came) },
    { key: 'went', title: t('quarter.went'), render: ({ went }) => list(went) },
    { key: 'after', title: t('quarter.after'), numeric: true, render: (step) => step.after },
  ]
  return (
    <Panel title={t('quarter.since')} note={t('quarter.sinceNote')}>
      <DataTable
        caption={t('quarter.since')}
        columns={columns}
        items={before.bridge ?? []}
        rowKey={({ stage }) => stage}
      />
      {(before.gone?.length ?? 0) > 0 && (
        <p className="pb-soft">
          {t('quarter.gone', { names: before.gone?.map(({ name }) => name).join(t('app.comma')) })}
        </p>
      )}
    </Panel>
  )
}

export function Places({ review, onGrade }: { review: Review; onGrade?: (of: Graded) => void }) {
  const { t, lang } = useText()
  const reached = (place: Place, stage: string) =>
    place.funnel?.find((count) => count.stage === stage)?.reached ?? 0
  const names = stageNamesOf(review.body, lang)
  const stage = (code: string): Column<Place> => ({
    key: code,
    title: names('tenancy', code),
    numeric: true,
    render: (place) => reached(place, code),
  })
  const number = (key: 'sites' | 'tenants' | 'projects' | 'late' | 'problems'): Column<Place> => ({
    key,
    title: t(`quarterPlace.${key}`),
    numeric: true,
    render: (place) => place[key],
  })
  const columns: Column<Place>[] = [
    {
      key: 'org',
      title: t('quarter.office'),
      heading: true,
      render: ({ org_name, org_name_en }) => nameIn(lang, org_name, org_name_en),
    },
    number('sites'),
    stage('signed'),
    stage('production'),
    stage('at_capacity'),
    stage('enrolled'),
    number('projects'),
    number('late'),
    number('problems'),
    {
      key: 'grade',
      title: t('quarter.grade'),
      nowrap: true,
      render: ({ org, org_name, org_name_en }) => {
        const name = nameIn(lang, org_name, org_name_en)
        return (
          <>
            <GradeText review={review} site={org} short />{' '}
            {onGrade && (
              <Button
                size="small"
                aria-label={t('quarter.gradeOf', { name })}
                onClick={() => onGrade({ site: org, name })}
              >
                {t('quarter.grade')}
              </Button>
            )}
          </>
        )
      },
    },
  ]
  return (
    <Panel title={t('quarter.places')}>
      <DataTable
        caption={t('quarter.places')}
        columns={columns}
        items={review.body.places ?? []}
        rowKey={({ org }) => org}
      />
    </Panel>
  )
}
