import { Button } from 'antd'
import { type Column, DataTable } from '../shared/DataTable'
import { percent } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { useSetSearch } from '../shell/scope'
import type { Graded } from './GradeDrawer'
import { GradeText } from './GradeText'
import { ProjectRows } from './SiteSheet'
import type { Review, Site } from './types'

interface SiteTableProps {
  review: Review
  chosen: string | undefined
  onGrade?: (of: Graded) => void
}

/** SiteTable lists the sites of a review; the one that is chosen has its sheet below. */
export function SiteTable({ review, chosen, onGrade }: SiteTableProps) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  const late = (site: Site) =>
    [...(site.tenants ?? []), ...(site.projects ?? [])].filter((row) => row.late).length
  const elsewhere = review.body.elsewhere ?? []
  const columns: Column<Site>[] = [
    {
      key: 'name',
      title: t('park.name'),
      heading: true,
      width: '30%',
      render: ({ park, name }) => (
        <button
          type="button"
          className="pb-cell"
          aria-pressed={park === chosen}
          onClick={() => setSearch({ site: park === chosen ? undefined : park })}
        >
          {name}
        </button>
      ),
    },
    {
      key: 'org',
      title: t('park.org'),
      nowrap: true,
      render: ({ org_name, org_name_en }) => nameIn(lang, org_name, org_name_en),
    },
    {
      key: 'let',
      title: t('quarter.letShare'),
      numeric: true,
      render: ({ let_ppm }) => (let_ppm === null ? '—' : percent(let_ppm / 1_000_000)),
    },
    {
      key: 'tenants',
      title: t('quarterPlace.tenants'),
      numeric: true,
      render: ({ tenants }) => tenants?.length ?? 0,
    },
    {
      key: 'projects',
      title: t('quarterPlace.projects'),
      numeric: true,
      render: ({ projects }) => projects?.length ?? 0,
    },
    { key: 'late', title: t('quarterPlace.late'), numeric: true, render: late },
    {
      key: 'problems',
      title: t('quarterPlace.problems'),
      numeric: true,
      render: ({ problems }) => problems?.length ?? 0,
    },
    {
      key: 'grade',
      title: t('quarter.grade'),
      nowrap: true,
      render: ({ park, name }) => (
        <>
          <GradeText review={review} site={park} short />{' '}
          {onGrade && (
            <Button
              size="small"
              aria-label={t('quarter.gradeOf', { name })}
              onClick={() => onGrade({ site: park, name })}
            >
              {t('quarter.grade')}
            </Button>
          )}
        </>
      ),
    },
  ]
  return (
    <Panel title={t('quarter.sites')} note={t('quarter.sitesNote')}>
      {review.body.sites?.length ? (
        <DataTable
          caption={t('quarter.sites')}
          columns={columns}
          items={review.body.sites}
          rowKey={({ park }) => park}
          picked={({ park }) => park === chosen}
        />
      ) : (
        <Empty title={t('quarter.noSites')} />
      )}
      {elsewhere.length > 0 && (
        <ProjectRows
          body={review.body}
          projects={elsewhere}
          title={t('quarter.elsewhere', { count: elsewhere.length })}
        />
      )}
    </Panel>
  )
}
