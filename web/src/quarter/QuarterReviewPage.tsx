import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { moment, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { Failure, Loading } from '../shared/states'
import { FollowUps } from './FollowUps'
import { GradeDrawer, type Graded } from './GradeDrawer'
import { GradeText } from './GradeText'
import { useReview } from './http'
import { Paper } from './Paper'
import { Bridge, Funnel, Indicators, Places, Readiness } from './Sections'
import { SiteSheet } from './SiteSheet'
import { SiteTable } from './SiteTable'
import type { Review } from './types'
import { groups } from './view'
import './quarter.css'

/** QuarterReviewPage shows a review as it was frozen, with its grades and what follows from it; it is made to be printed. */
export function QuarterReviewPage() {
  const { t } = useText()
  const { id = '' } = useParams({ strict: false })
  const review = useReview(id)
  if (review.isPending) return <Loading height={560} />
  if (!review.data) {
    return (
      <div className="pb-page">
        <PageHead title={t('quarter.title')} />
        <Failure error={review.error} onRetry={review.refetch} />
      </div>
    )
  }
  return <Known review={review.data} />
}

/** usePaper lays the sheets out while the page is being printed, by a button or by the browser's own menu; only is one site. */
function usePaper() {
  const [printing, setPrinting] = useState(false)
  const only = useRef<string | undefined>(undefined)
  useEffect(() => {
    const before = () => flushSync(() => setPrinting(true))
    const after = () => {
      only.current = undefined
      setPrinting(false)
    }
    globalThis.addEventListener('beforeprint', before)
    globalThis.addEventListener('afterprint', after)
    return () => {
      globalThis.removeEventListener('beforeprint', before)
      globalThis.removeEventListener('afterprint', after)
    }
  }, [])
  const print = useCallback((site?: string) => {
    only.current = site
    globalThis.print()
  }, [])
  return { printing, only, print }
}

function Known({ review }: { review: Review }) {
  const { t, lang } = useText()
  const { site: chosen } = useSearch({ strict: false })
  const [grading, setGrading] = useState<Graded | null>(null)
  const { printing, only, print } = usePaper()
  const { body } = review
  const site = body.sites?.find(({ park }) => park === chosen)
  const onGrade = review.may ? setGrading : undefined
  return (
    <div className="pb-page">
      <PageHead
        title={review.title}
        note={`${nameIn(lang, review.org_name, review.org_name_en)} · ${periodName(review.quarter, lang)}`}
      >
        <Link to="/quarter-reviews">{t('quarter.back')}</Link>
        <Button onClick={() => print()}>
          {t('quarter.print', { count: 1 + (body.sites?.length ?? 0) })}
        </Button>
      </PageHead>
      <Frozen review={review} onGrade={onGrade} />
      <Indicators review={review} />
      <div className="pb-split">
        <Funnel body={body} />
        <Readiness body={body} />
      </div>
      {body.before && <Bridge body={body} before={body.before} />}
      {(body.places?.length ?? 0) > 0 && <Places review={review} onGrade={onGrade} />}
      <SiteTable review={review} chosen={site?.park} onGrade={onGrade} />
      {site && (
        <SiteSheet
          key={site.park}
          review={review}
          site={site}
          onGrade={onGrade}
          onPrint={() => print(site.park)}
        />
      )}
      <FollowUps review={review} />
      {grading && <GradeDrawer review={review} of={grading} onClose={() => setGrading(null)} />}
      {printing && <Paper review={review} only={only.current} />}
    </div>
  )
}

function Frozen({ review, onGrade }: { review: Review; onGrade?: (of: Graded) => void }) {
  const { t, lang } = useText()
  return (
    <Panel title={t('quarter.frozen')} note={t('quarter.frozenNote')}>
      <dl className="pb-facts">
        <div>
          <dt>{t('quarter.at')}</dt>
          <dd>
            {moment(review.at, lang)} <span className="pb-soft">{review.actor}</span>
          </dd>
        </div>
        <div>
          <dt>{t('quarter.sequence')}</dt>
          <dd className="pb-figures">{review.sequence}</dd>
        </div>
        <div>
          <dt>{t('quarter.whole')}</dt>
          <dd>
            <GradeText review={review} site="" />{' '}
            {onGrade && (
              <Button
                size="small"
                aria-label={t('quarter.gradeOf', { name: review.title })}
                onClick={() => onGrade({ site: '', name: review.title })}
              >
                {t('quarter.grade')}
              </Button>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('quarter.digest')}</dt>
          <dd>
            <code className="pb-quart-digest">{groups(review.digest)}</code>
          </dd>
        </div>
      </dl>
    </Panel>
  )
}
