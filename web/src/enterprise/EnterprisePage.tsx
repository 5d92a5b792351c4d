import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { api, ask } from '../shared/api'
import { day, quantity } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { SourceText } from '../shared/SourceText'
import { Empty, Failure, Loading } from '../shared/states'
import type { EnterprisePage as Page } from '../shared/types'
import { Stage } from '../tenancy/Stage'
import { StageSteps } from '../tenancy/StageSteps'
import { Parks } from './EnterpriseLedger'
import { ReturnPanel } from './ReturnPanel'

/** EnterprisePage shows one enterprise: its names, where it sits and how far it came, what it filed. */
export function EnterprisePage() {
  const { t } = useText()
  const { id } = useParams({ strict: false })
  const enterprise = useQuery({
    queryKey: ['enterprise', id],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/enterprises/{id}', { params: { path: { id: id ?? '' } }, signal })),
  })
  if (enterprise.isPending) return <Loading height={560} />
  if (!enterprise.data) {
    return (
      <div className="pb-page">
        <PageHead title={t('enterprise.one')} />
        <Failure error={enterprise.error} onRetry={enterprise.refetch} />
      </div>
    )
  }
  return <Known enterprise={enterprise.data} />
}

function Known({ enterprise }: { enterprise: Page }) {
  const { t } = useText()
  return (
    <div className="pb-page">
      <PageHead
        title={enterprise.name}
        note={
          <>
            <Nature nature={enterprise.nature} /> <Stage stage={enterprise.stage} />
          </>
        }
      >
        <Link to="/readiness/$enterprise" params={{ enterprise: enterprise.id }}>
          {t('ready.title')}
        </Link>
      </PageHead>
      {enterprise.nature === 'simulated' && (
        <p className="pb-banner" role="note">
          <Glyph name="broken" />
          {t('enterprise.simulated')}
        </p>
      )}
      <Facts enterprise={enterprise} />
      <Panel title={t('enterprise.tenancies')} note={t('enterprise.tenanciesNote')}>
        <Tenancies enterprise={enterprise} />
      </Panel>
      <ReturnPanel returns={enterprise.returns ?? []} />
    </div>
  )
}

function Facts({ enterprise }: { enterprise: Page }) {
  const { t, lang } = useText()
  const names = enterprise.names ?? []
  return (
    <Panel title={t('park.facts')}>
      <dl className="pb-facts">
        <div>
          <dt>{t('enterprise.uscc')}</dt>
          <dd className="pb-figures">{enterprise.uscc}</dd>
        </div>
        <div>
          <dt>{t('park.org')}</dt>
          <dd>{nameIn(lang, enterprise.org_name, enterprise.org_name_en)}</dd>
        </div>
        <div>
          <dt>{t('enterprise.industry')}</dt>
          <dd>
            {enterprise.industry_name || '—'} <span className="pb-soft">{enterprise.industry}</span>
          </dd>
        </div>
        <div>
          <dt>{t('tenancy.park')}</dt>
          <dd>
            <Parks parks={enterprise.parks} />
          </dd>
        </div>
        <div>
          <dt>{t('enterprise.names')}</dt>
          <dd>
            {names.length === 0
              ? enterprise.name
              : names.map(({ name, from, to }) => (
                  <div key={name + from}>
                    {name} <span className="pb-soft">{span(from, to, lang, t)}</span>
                  </div>
                ))}
          </dd>
        </div>
        <div>
          <dt>{t('rows.source')}</dt>
          <dd>
            <SourceText text={enterprise.source} />
          </dd>
        </div>
      </dl>
    </Panel>
  )
}

function span(
  from: string | undefined,
  to: string | undefined,
  lang: 'zh-CN' | 'en',
  t: ReturnType<typeof useText>['t'],
): string {
  if (from && to) return t('enterprise.fromTo', { from: day(from, lang), to: day(to, lang) })
  if (from) return t('enterprise.since', { from: day(from, lang) })
  return to ? t('enterprise.until', { to: day(to, lang) }) : ''
}

function Tenancies({ enterprise }: { enterprise: Page }) {
  const { t, lang } = useText()
  const tenancies = enterprise.tenancies ?? []
  if (tenancies.length === 0) return <Empty title={t('tenancy.none')} />
  return tenancies.map((tenancy) => (
    <div key={tenancy.id} className="pb-tenancy">
      <p>
        <ParkLink id={tenancy.park} name={tenancy.park_name} />
        {tenancy.area_m2 != null && <span className="pb-soft">{quantity(tenancy.area_m2, 'm2', lang)}</span>}
        <Nature nature={tenancy.nature} />
        {tenancy.relocated && <span className="pb-soft">{t('tenancy.relocated')}</span>}
      </p>
      <StageSteps tenancy={tenancy} />
    </div>
  ))
}
