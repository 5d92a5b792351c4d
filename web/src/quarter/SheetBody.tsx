// The sheet of one site, the same on screen and on paper. On paper each list is cut so that the sheet stays one page; how
// much is left out is always said.
import type { ReactNode } from 'react'
import { DueText } from '../problem/parts'
import { VerdictTag } from '../readiness/parts'
import { day, percent, quantity } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { Natures } from '../shared/Nature'
import { type Judgement, Verdict } from '../shared/Verdict'
import type { Body, Change, LightName, Project, Row, Site } from './types'
import { amount, type Cut, cut, type StageNames, stageNamesOf, toldOf, urgent } from './view'

/** Limits are how many lines of each list a sheet shows. */
export interface Limits {
  rows: number
  problems: number
  changes: number
}

export const onPaper: Limits = { rows: 7, problems: 5, changes: 5 }
export const onScreen: Limits = { rows: 40, problems: 100, changes: 100 }

interface SheetProps {
  body: Body
  site: Site
  limits: Limits
}

export function SheetBody({ body, site, limits }: SheetProps) {
  const { t, lang } = useText()
  const names = stageNamesOf(body, lang)
  const problems = cut(site.problems ?? [], limits.problems)
  return (
    <div className="pb-quart-sheet">
      <div className="pb-quart-left">
        <SiteFacts site={site} />
        <Funnel site={site} names={names} />
        <Counts site={site} />
      </div>
      <div className="pb-quart-right">
        <Part title={t('quarter.problems', { count: site.problems?.length ?? 0 })}>
          <List cut={problems} empty={t('quarter.noProblems')}>
            {problems.shown.map((problem) => (
              <li key={problem.id}>
                <b>{problem.title}</b> <span className="pb-soft">{problem.subject_name}</span>{' '}
                <span className="pb-soft">
                  {problem.owner || problem.owner_org_name || t('problem.nobody')}
                </span>{' '}
                <DueText of={problem} />
                {problem.state === 'solved' && ` · ${t('trackProblemState.solved')}`}
              </li>
            ))}
          </List>
        </Part>
        <Rows
          title={t('quarter.projectsUrgent')}
          all={site.projects}
          limit={limits.rows}
          lifecycleOf={({ lifecycle }) => lifecycle}
          names={names}
        />
        <Rows
          title={t('quarter.tenantsUrgent')}
          all={site.tenants}
          limit={limits.rows}
          lifecycleOf={() => 'tenancy'}
          names={names}
        />
        {body.before && <Changes site={site} limit={limits.changes} names={names} />}
      </div>
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function List({ cut, empty, children }: { cut: Cut<unknown>; empty: string; children: ReactNode }) {
  const { t } = useText()
  if (cut.shown.length === 0) return <p className="pb-soft">{empty}</p>
  return (
    <>
      <ul>{children}</ul>
      {cut.more > 0 && <p className="pb-soft">{t('quarter.more', { count: cut.more })}</p>}
    </>
  )
}

function SiteFacts({ site }: { site: Site }) {
  const { t, lang } = useText()
  const area = (value: number | null) => (value === null ? t('park.unknown') : quantity(value, 'm2', lang))
  const investment = site.figures?.find(({ field }) => field === 'investment')
  const facts: [string, string][] = [
    [t('park.mode'), site.mode || t('park.unknown')],
    [t('park.developer'), site.developer || t('park.unknown')],
    [t('park.industry'), site.leading_industry || t('park.unknown')],
    [t('field.land_area'), area(site.land_m2)],
    [t('quarter.built'), area(site.built_m2)],
    [t('quarter.lettable'), area(site.lettable_m2)],
    [
      t('quarter.let'),
      area(site.let_m2) +
        (site.let_unknown > 0 ? ` ${t('quarter.letUnknown', { count: site.let_unknown })}` : ''),
    ],
    [t('quarter.letShare'), site.let_ppm === null ? t('park.unknown') : percent(site.let_ppm / 1_000_000)],
  ]
  if (investment) facts.push([t('field.investment'), amount(investment.value, investment.unit, lang, unitIn)])
  return (
    <dl className="pb-quart-facts">
      {facts.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
      <div>
        <dt>{t('record.nature')}</dt>
        <dd>
          <Natures natures={naturesOf(site)} />
        </dd>
      </div>
    </dl>
  )
}

/** naturesOf are the natures of everything that the sheet counts. */
function naturesOf({ figures, tenants, projects }: Site): string[] {
  return [...(figures ?? []), ...(tenants ?? []), ...(projects ?? [])].map(({ nature }) => nature)
}

function Funnel({ site, names }: { site: Site; names: StageNames }) {
  const { t } = useText()
  return (
    <table className="pb-quart-funnel">
      <caption className="pb-hidden">{t('quarter.funnel')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('tenancy.stage')}</th>
          <th scope="col">{t('quarter.reached')}</th>
          <th scope="col">{t('quarter.here')}</th>
        </tr>
      </thead>
      <tbody>
        {(site.funnel ?? []).map(({ stage, reached, now }) => (
          <tr key={stage}>
            <th scope="row">{names('tenancy', stage)}</th>
            <td>{reached}</td>
            <td>{now}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const lights: LightName[] = ['red', 'yellow', 'green', 'off']
const judgements: Partial<Record<LightName, Judgement>> = { red: 'bad', yellow: 'fair', green: 'good' }

function LightWord({ light }: { light: LightName }) {
  const { t } = useText()
  const judgement = judgements[light]
  const word = t(`pipelineLight.${light}`)
  return judgement ? <Verdict judgement={judgement}>{word}</Verdict> : <span className="pb-soft">{word}</span>
}

function Counts({ site }: { site: Site }) {
  const { t } = useText()
  return (
    <>
      <h3>{t('quarter.lights')}</h3>
      <ul className="pb-quart-inline">
        {lights.map((light) => (
          <li key={light}>
            <LightWord light={light} /> <b>{site.lights[light]}</b>
          </li>
        ))}
      </ul>
      <h3>{t('quarter.readiness')}</h3>
      <ul className="pb-quart-inline">
        {(site.readiness ?? []).map(({ verdict, count }) => (
          <li key={verdict}>
            <VerdictTag verdict={verdict} /> <b>{count}</b>
          </li>
        ))}
      </ul>
    </>
  )
}

interface RowsProps<Item extends Row> {
  title: string
  all: Item[] | null
  limit: number
  lifecycleOf: (item: Item) => string
  names: StageNames
}

/** Rows lists who has to be talked about; the others go as planned and are only counted. */
function Rows<Item extends Row>({ title, all, limit, lifecycleOf, names }: RowsProps<Item>) {
  const { t, lang } = useText()
  const rows = urgent(all, limit)
  const count = rows.shown.length + rows.more
  return (
    <Part title={t('quarter.ofAll', { title, count, all: all?.length ?? 0 })}>
      <List cut={rows} empty={t('quarter.noneUrgent')}>
        {rows.shown.map((row) => {
          const name = (stage: string) => names(lifecycleOf(row), stage)
          const slip = slipOf(row)
          return (
            <li key={row.id}>
              <b>{row.name}</b>{' '}
              {row.stage && (
                <span>
                  {name(row.stage)} <span className="pb-soft">{day(row.since, lang)}</span>
                </span>
              )}
              {row.next && (
                <span>
                  {' → '}
                  {name(row.next)} <span className="pb-soft">{day(row.next_planned, lang)}</span>
                </span>
              )}{' '}
              {row.late && <Verdict judgement="bad">{t('pipeline.late')}</Verdict>}{' '}
              {slip !== null && slip > 0 && (
                <span className="pb-soft">{t('quarter.slip', { count: slip })}</span>
              )}{' '}
              {row.suspended && t('pipeline.suspended')}{' '}
              {row.light !== 'off' && row.light !== 'green' && (
                <>
                  <LightWord light={row.light} />{' '}
                  <span className="pb-soft">{nameIn(lang, row.light_why, row.light_why_en)}</span>
                </>
              )}{' '}
              {row.problems > 0 && t('pipeline.problems', { count: row.problems })}{' '}
              {row.officer && (
                <span className="pb-soft">{t('pipeline.officerIs', { name: row.officer })}</span>
              )}
            </li>
          )
        })}
      </List>
    </Part>
  )
}

/** slipOf is by how many days the plan of the next stage moved; tenancies carry none. */
function slipOf(row: Row & Partial<Pick<Project, 'milestones'>>): number | null {
  return row.milestones?.find(({ stage }) => stage === row.next)?.slip ?? null
}

function Changes({ site, limit, names }: { site: Site; limit: number; names: StageNames }) {
  const { t } = useText()
  const changes = cut(site.changes ?? [], limit)
  return (
    <Part title={t('quarter.changes', { count: site.changes?.length ?? 0 })}>
      <List cut={changes} empty={t('quarter.noChanges')}>
        {changes.shown.map((change) => (
          <li key={[change.kind, change.id, change.what, change.stage].join('/')}>
            <b>{change.name}</b> <ChangeText change={change} site={site} names={names} />
          </li>
        ))}
      </List>
    </Part>
  )
}

function ChangeText({ change, site, names }: { change: Change; site: Site; names: StageNames }) {
  const { t, lang } = useText()
  const project = site.projects?.find(({ id }) => id === change.id)
  const told = toldOf(change, project?.lifecycle ?? 'tenancy', names, lang)
  const state = (text: string) =>
    change.kind === 'problem' && (text === 'open' || text === 'solved')
      ? t(`trackProblemState.${text}`)
      : text
  return (
    <>
      {t(`quarterChange.${told.what}`, {
        stage: told.stage,
        before: state(told.before),
        after: state(told.after),
      })}
    </>
  )
}
