import { Button } from 'antd'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { OpenDrawer } from '../problem/OpenDrawer'
import { type Column, DataTable } from '../shared/DataTable'
import { day, quantity } from '../shared/format'
import { useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import { Verdict } from '../shared/Verdict'
import { useAllowed } from '../subject/useAllowed'
import type { Graded } from './GradeDrawer'
import { GradeText } from './GradeText'
import { onScreen, SheetBody } from './SheetBody'
import type { Body, Project, Review, Row, Site, Tenant } from './types'
import { stageNamesOf } from './view'

interface SiteSheetProps {
  review: Review
  site: Site
  onGrade?: (of: Graded) => void
  onPrint: () => void
}

/** SiteSheet is the sheet of one site as it was frozen, with its grade and every row of then. */
export function SiteSheet({ review, site, onGrade, onPrint }: SiteSheetProps) {
  const { t } = useText()
  const [opening, setOpening] = useState(false)
  const anchor = useRef<HTMLDivElement>(null)
  useEffect(() => {
    anchor.current?.scrollIntoView({ block: 'start' })
  }, [])
  const allowed = useAllowed('problem.edit')
  return (
    <div ref={anchor} className="pb-quart-anchor">
      <Panel
        title={t('quarter.sheetOf', { name: site.name })}
        note={<ParkLink id={site.park} name={t('quarter.livePark')} />}
        extra={
          <>
            <Button size="small" onClick={onPrint}>
              {t('quarter.printOne')}
            </Button>
            {allowed && (
              <Button size="small" onClick={() => setOpening(true)}>
                {t('quarter.followUp')}
              </Button>
            )}
            {onGrade && (
              <Button
                size="small"
                type="primary"
                onClick={() => onGrade({ site: site.park, name: site.name })}
              >
                {t('quarter.grade')}
              </Button>
            )}
          </>
        }
      >
        <p>
          {t('quarter.gradeIs')} <GradeText review={review} site={site.park} />
        </p>
        <SheetBody body={review.body} site={site} limits={onScreen} />
        <AllRows review={review} site={site} />
        {opening && (
          <OpenDrawer
            about={{ kind: 'park', id: site.park, name: site.name }}
            review={review.id}
            onClose={() => setOpening(false)}
            onDone={() => setOpening(false)}
          />
        )}
      </Panel>
    </div>
  )
}

function useRowColumns(body: Body) {
  const { t, lang } = useText()
  const names = stageNamesOf(body, lang)
  return <Item extends Row>(lifecycleOf: (item: Item) => string): Column<Item>[] => [
    {
      key: 'name',
      title: t('quarter.name'),
      heading: true,
      render: ({ name, nature }) => (
        <>
          {name} <Nature nature={nature} />
        </>
      ),
    },
    {
      key: 'stage',
      title: t('tenancy.stage'),
      render: (row) => (row.stage ? names(lifecycleOf(row), row.stage) : '—'),
    },
    { key: 'since', title: t('quarter.stageSince'), nowrap: true, render: ({ since }) => day(since, lang) },
    {
      key: 'next',
      title: t('pipeline.next'),
      render: (row) =>
        row.next ? (
          <>
            {names(lifecycleOf(row), row.next)} {day(row.next_planned, lang)}{' '}
            {row.late && <Verdict judgement="bad">{t('pipeline.late')}</Verdict>}
          </>
        ) : (
          '—'
        ),
    },
  ]
}

/** ProjectRows lists projects as they were frozen, once it is opened. */
export function ProjectRows({ body, projects, title }: { body: Body; projects: Project[]; title: string }) {
  const { t } = useText()
  const columns = useRowColumns(body)
  return (
    <More title={title}>
      <DataTable
        caption={t('quarterPlace.projects')}
        columns={columns<Project>(({ lifecycle }) => lifecycle)}
        items={projects}
        rowKey={({ id }) => id}
      />
    </More>
  )
}

function AllRows({ review, site }: { review: Review; site: Site }) {
  const { t, lang } = useText()
  const columns = useRowColumns(review.body)
  const tenants: Column<Tenant>[] = [
    ...columns<Tenant>(() => 'tenancy'),
    {
      key: 'area',
      title: t('tenancy.area'),
      numeric: true,
      render: ({ area_m2 }) => (area_m2 === null ? '—' : quantity(area_m2, 'm2', lang)),
    },
  ]
  return (
    <>
      <ProjectRows
        body={review.body}
        projects={site.projects ?? []}
        title={t('quarter.allProjects', { count: site.projects?.length ?? 0 })}
      />
      <More title={t('quarter.allTenants', { count: site.tenants?.length ?? 0 })}>
        <DataTable
          caption={t('quarterPlace.tenants')}
          columns={tenants}
          items={site.tenants ?? []}
          rowKey={({ id }) => id}
        />
      </More>
    </>
  )
}

/** More builds what it hides only when it is opened: a large park has hundreds of rows. */
function More({ title, children }: { title: string; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="pb-quart-before" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {open && children}
    </details>
  )
}
