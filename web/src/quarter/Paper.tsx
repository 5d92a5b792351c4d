import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { DataTable } from '../shared/DataTable'
import { moment, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { GradeText } from './GradeText'
import { useFunnelColumns, useIndicatorColumns } from './Sections'
import { onPaper, SheetBody } from './SheetBody'
import type { Review } from './types'
import { gradeOf, groups } from './view'

/** Paper lays a review on sheets of A4: the office first, then one sheet for each site; or the sheet of one site only. */
export function Paper({ review, only }: { review: Review; only?: string }) {
  const all = review.body.sites ?? []
  const sites = only ? all.filter(({ park }) => park === only) : all
  const cover = only ? 0 : 1
  return createPortal(
    <div className="pb-quart-paper">
      {!only && <Cover review={review} />}
      {sites.map((site, at) => (
        <Page
          key={site.park}
          review={review}
          title={site.name}
          office={{ name: site.org_name, name_en: site.org_name_en }}
          no={at + 1 + cover}
          count={sites.length + cover}
        >
          <SheetBody body={review.body} site={site} limits={onPaper} />
          <GradeBox review={review} site={site.park} />
        </Page>
      ))}
    </div>,
    document.body,
  )
}

interface PageProps {
  review: Review
  title: string
  office: { name: string; name_en: string }
  no: number
  count: number
  children: ReactNode
}

function Page({ review, title, office, no, count, children }: PageProps) {
  const { t, lang } = useText()
  return (
    <section className="pb-quart-page">
      <header>
        <h2>{title}</h2>
        <span>{nameIn(lang, office.name, office.name_en)}</span>
        <span>{periodName(review.quarter, lang)}</span>
        <span>{t('quarter.frozenAt', { at: moment(review.at, lang) })}</span>
      </header>
      {children}
      <footer>
        <span>{t('quarter.digestIs', { digest: groups(review.digest) })}</span>
        <span>{t('quarter.page', { no, count })}</span>
      </footer>
    </section>
  )
}

function Cover({ review }: { review: Review }) {
  const { t } = useText()
  const indicators = useIndicatorColumns(review, true)
  const funnel = useFunnelColumns(review.body)
  return (
    <Page
      review={review}
      title={review.title}
      office={{ name: review.org_name, name_en: review.org_name_en }}
      no={1}
      count={1 + (review.body.sites?.length ?? 0)}
    >
      <div className="pb-quart-cover">
        <DataTable
          compact
          caption={t('quarter.indicators')}
          columns={indicators}
          items={review.body.indicators ?? []}
          rowKey={({ code }) => code}
        />
        <DataTable
          compact
          caption={t('quarter.funnel')}
          columns={funnel}
          items={review.body.funnel ?? []}
          rowKey={({ stage }) => stage}
        />
      </div>
      <GradeBox review={review} site="" />
    </Page>
  )
}

/** GradeBox is the grade, or the room to write it in by hand. */
function GradeBox({ review, site }: { review: Review; site: string }) {
  const { t, lang } = useText()
  const grade = gradeOf(review.grades, site)
  return (
    <div className="pb-quart-box">
      <b>{t('quarter.gradeIs')}</b>{' '}
      {grade ? (
        <GradeText review={review} site={site} />
      ) : (
        <span>
          {(review.scale ?? []).map(({ code, name, name_en }) => (
            <span key={code} className="pb-quart-tick">
              {nameIn(lang, name, name_en)}
            </span>
          ))}
        </span>
      )}
    </div>
  )
}
