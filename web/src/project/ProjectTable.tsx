import { Link } from '@tanstack/react-router'
import { api, ask } from '../shared/api'
import type { Column } from '../shared/DataTable'
import { day, quantity } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageTable, usePages } from '../shared/PageTable'
import type { Project } from '../shared/types'

export const projectKinds = [
  'construction',
  'investment',
  'retrofit',
  'expansion',
  'renewal',
  'pilot_platform',
  'planning',
] as const

interface ProjectFilter {
  org?: string
  park?: string
  kind?: (typeof projectKinds)[number]
}

/** ProjectTable lists projects with the milestone that each reached last. */
export function ProjectTable({
  filter,
  hidePark,
  limit = 50,
}: {
  filter: ProjectFilter
  hidePark?: boolean
  limit?: number
}) {
  const { t, lang } = useText()
  const projects = usePages(['projects', filter], (cursor, signal) =>
    ask(
      api.GET('/api/v1/projects', {
        params: { query: { ...filter, cursor: cursor || undefined, limit } },
        signal,
      }),
    ),
  )
  const columns: Column<Project>[] = [
    {
      key: 'name',
      title: t('project.name'),
      heading: true,
      render: (project) => (
        <>
          <Link to="/projects/$id" params={{ id: project.id }}>
            {project.name}
          </Link>{' '}
          <Nature nature={project.nature} />
        </>
      ),
    },
    {
      key: 'kind',
      title: t('project.kind'),
      nowrap: true,
      render: (project) => t(`projectKind.${project.kind}`, project.kind),
    },
    {
      key: 'park',
      title: t('project.place'),
      render: (project) =>
        project.park ? (
          <ParkLink id={project.park} name={project.park_name ?? project.park} />
        ) : (
          nameIn(lang, project.org_name, project.org_name_en)
        ),
    },
    {
      key: 'investment',
      title: t('project.investment'),
      numeric: true,
      render: (project) => quantity(project.investment, 'yuan', lang),
    },
    {
      key: 'reached',
      title: t('project.reached'),
      nowrap: true,
      render: (project) => <Reached project={project} />,
    },
    { key: 'next', title: t('project.next'), nowrap: true, render: (project) => <Next project={project} /> },
  ]
  return (
    <PageTable
      caption={t('page.projects')}
      query={projects}
      columns={hidePark ? columns.filter(({ key }) => key !== 'park') : columns}
      rowKey={({ id }) => id}
      height={200}
      emptyText={t('project.none')}
    />
  )
}

function Reached({ project }: { project: Project }) {
  const { t, lang } = useText()
  const done = (project.milestones ?? [])
    .filter(({ actual }) => actual)
    .sort((a, b) => (a.actual ?? '').localeCompare(b.actual ?? ''))
  const last = done.at(-1)
  return <>{last ? `${t(`milestone.${last.stage}`, last.stage)} · ${day(last.actual, lang)}` : '—'}</>
}

function Next({ project }: { project: Project }) {
  const { t, lang } = useText()
  const open = (project.milestones ?? [])
    .filter(({ actual, planned }) => !actual && planned)
    .sort((a, b) => (a.planned ?? '').localeCompare(b.planned ?? ''))
  const next = open[0]
  return (
    <>
      {next
        ? t('project.planned', {
            stage: t(`milestone.${next.stage}`, next.stage),
            date: day(next.planned, lang),
          })
        : '—'}
    </>
  )
}
