import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Empty, Failure, Loading } from '../shared/states'
import type { Indicator } from '../shared/types'
import { GroupPanel } from './GroupPanel'
import { headlines } from './headline'
import { readingQuery, useIndicators } from './queries'
import { RowsDrawer } from './RowsDrawer'
import { Tile } from './Tile'
import { Trail } from './Trail'
import { TrendPanel } from './TrendPanel'
import { cutOf, indicatorName, useView, type View } from './view'
import './cockpit.css'

/** CockpitPage (总览) shows the headline indicators; everything below them follows the picked one. */
export function CockpitPage() {
  const { t } = useText()
  const indicators = useIndicators()
  return (
    <div className="pb-page">
      <PageHead title={t('page.cockpit')} note={t('cockpit.note')} />
      {indicators.isPending ? (
        <Loading height={480} />
      ) : indicators.data ? (
        <Cockpit catalogue={indicators.data} />
      ) : (
        <Failure error={indicators.error} onRetry={indicators.refetch} />
      )}
    </div>
  )
}

function Cockpit({ catalogue }: { catalogue: Indicator[] }) {
  const { t } = useText()
  const indicators = headlines(catalogue)
  const view = useView(indicators.concat(catalogue))
  if (!view.indicator) return <Empty title={t('cockpit.noIndicators')} />
  return (
    <>
      <Trail view={view} />
      <SimulatedBanner indicators={indicators} view={view} />
      <ul className="pb-tiles" aria-label={t('cockpit.headlines')}>
        {indicators.map((indicator) => (
          <Tile key={indicator.code} indicator={indicator} view={view} />
        ))}
      </ul>
      <Below catalogue={catalogue} indicator={view.indicator} view={view} />
      <RowsDrawer indicator={view.indicator} view={view} />
    </>
  )
}

function SimulatedBanner({ indicators, view }: { indicators: Indicator[]; view: View }) {
  const { t } = useText()
  const simulated = useQueries({
    queries: indicators.map(({ code }) => readingQuery(cutOf(view, code))),
    combine: (readings) => readings.some(({ data }) => data?.natures?.includes('simulated')),
  })
  if (!simulated) return null
  return (
    <p className="pb-banner" role="note">
      <Glyph name="broken" />
      {t('app.simulated')}
    </p>
  )
}

function Below({ catalogue, indicator, view }: { catalogue: Indicator[]; indicator: Indicator; view: View }) {
  const { t, lang } = useText()
  const { place } = view
  return (
    <>
      <div className="pb-definition">
        <h2>{t('cockpit.indicator')}</h2>
        <Select
          aria-label={t('cockpit.indicator')}
          className="pb-indicator"
          value={indicator.code}
          onChange={view.pick}
          showSearch={{ optionFilterProp: 'label' }}
          options={catalogue.map((item) => ({ value: item.code, label: indicatorName(item, lang) }))}
        />
        <p>{nameIn(lang, indicator.definition, indicator.definition_en)}</p>
      </div>
      <div className="pb-below">
        <div className="pb-column">
          <TrendPanel indicator={indicator} view={view} />
          {!place.park && <ParkPanel indicator={indicator} view={view} />}
        </div>
        <div className="pb-column pb-sides">
          {place.org && !place.park && (
            <GroupPanel
              by="org"
              indicator={indicator}
              view={view}
              onNarrow={(org) => view.narrow({ org })}
              onYear
            />
          )}
          <GroupPanel
            by="industry"
            indicator={indicator}
            view={view}
            onNarrow={(industry) => view.narrow({ industry })}
          />
        </div>
      </div>
    </>
  )
}

function ParkPanel({ indicator, view }: { indicator: Indicator; view: View }) {
  const { t } = useText()
  return (
    <GroupPanel
      by="park"
      indicator={indicator}
      view={view}
      onNarrow={(park) => view.narrow({ park })}
      after={({ key, name }) => (
        <Link to="/parks/$id" params={{ id: key }} className="pb-go" aria-label={t('park.open', { name })}>
          {t('park.page')}
        </Link>
      )}
    />
  )
}
