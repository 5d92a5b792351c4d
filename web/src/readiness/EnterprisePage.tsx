import { Link, useParams } from '@tanstack/react-router'
import { BasisTag } from '../shared/BasisTag'
import { day, quantity } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { Nature } from '../shared/Nature'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { Failure, Loading } from '../shared/states'
import { FactPanel } from './FactPanel'
import { MonthPanel } from './MonthPanel'
import { PaperPanel } from './PaperPanel'
import { inLang, RevenueBar, VerdictTag, WindowText } from './parts'
import { useDetail } from './queries'
import { SignPanel } from './SignPanel'
import type { Detail } from './types'
import { WayPanel } from './WayPanel'

/** EnterprisePage shows what an enterprise's readiness rests on: what is in the way, its months, the bureau's word, its papers. */
export function EnterprisePage() {
  const { t } = useText()
  const { enterprise = '' } = useParams({ strict: false })
  const detail = useDetail(enterprise)
  if (detail.isPending) return <Loading height={560} />
  if (!detail.data) {
    return (
      <div className="pb-page">
        <PageHead title={t('ready.title')} />
        <Failure error={detail.error} onRetry={detail.refetch} />
      </div>
    )
  }
  return <Known detail={detail.data} />
}

function Known({ detail }: { detail: Detail }) {
  const { t, lang } = useText()
  const notes = detail.notes ?? []
  return (
    <div className="pb-page">
      <PageHead
        title={detail.name}
        note={
          <>
            <Nature nature={detail.nature} /> <VerdictTag verdict={detail.verdict} />
          </>
        }
      >
        <Link to="/enterprises/$id" params={{ id: detail.enterprise }}>
          {t('ready.enterprisePage')}
        </Link>
        <Link to="/readiness">{t('ready.back')}</Link>
      </PageHead>
      <Standing detail={detail} />
      {notes.length > 0 && (
        <Panel title={t('ready.notes')} note={t('ready.notesNote')}>
          <ul className="pb-ready-list">
            {notes.map(({ text, text_en }) => (
              <li key={text}>
                <Glyph name="clash" />
                {inLang(lang, text, text_en)}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <WayPanel detail={detail} />
      <FactPanel detail={detail} />
      <PaperPanel detail={detail} />
      <MonthPanel detail={detail} />
      <SignPanel signs={detail.signs ?? []} />
      <RulePanel detail={detail} />
    </div>
  )
}

function Standing({ detail }: { detail: Detail }) {
  const { t, lang } = useText()
  const known = (text: string) =>
    text ? day(text, lang) : <span className="pb-soft">{t('park.unknown')}</span>
  const amounts = [
    { key: 'reported', value: detail.last_year },
    { key: 'base', value: detail.base },
  ]
  return (
    <Panel title={t('ready.verdict')} note={t('ready.asOf', { day: day(detail.today, lang) })}>
      <p className="pb-ready-verdict">{inLang(lang, detail.says, detail.says_en)}</p>
      <dl className="pb-facts">
        <div>
          <dt>{t('ready.window')}</dt>
          <dd>
            <WindowText of={detail} />
          </dd>
        </div>
        {detail.reachable && (
          <div>
            <dt>{t('ready.reachable')}</dt>
            <dd>
              {t('ready.closes', { day: day(detail.reachable.closes, lang) })}
              <div className="pb-soft">{t('ready.batch', { month: day(detail.reachable.batch, lang) })}</div>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('ready.revenue')}</dt>
          <dd>
            <RevenueBar of={detail} />
          </dd>
        </div>
        {detail.ready_on && (
          <div>
            <dt>{t('ready.readyOn')}</dt>
            <dd>{day(detail.ready_on, lang)}</dd>
          </div>
        )}
        <div>
          <dt>{t('ready.sector')}</dt>
          <dd>
            {nameIn(lang, detail.sector_name, detail.sector_name_en) || (
              <span className="pb-soft">{t('ready.noSector')}</span>
            )}{' '}
            <span className="pb-soft">{detail.industry_name}</span>
          </dd>
        </div>
        <div>
          <dt>{t('ready.opened')}</dt>
          <dd>{known(detail.opened)}</dd>
        </div>
        <div>
          <dt>{t('park.org')}</dt>
          <dd>
            {nameIn(lang, detail.org_name, detail.org_name_en)}
            {detail.park && (
              <div>
                <ParkLink id={detail.park} name={detail.park_name} />
              </div>
            )}
          </dd>
        </div>
        {amounts.map(({ key, value }) => (
          <div key={key}>
            <dt>{t(`readyYear.${key}`)}</dt>
            <dd className="pb-figures">
              {value === null ? (
                <span className="pb-soft">{t('park.unknown')}</span>
              ) : (
                quantity(value, 'yuan', lang)
              )}
            </dd>
          </div>
        ))}
        {detail.relocated && (
          <div>
            <dt>{t('track.relocation')}</dt>
            <dd>{t('ready.relocated')}</dd>
          </div>
        )}
      </dl>
    </Panel>
  )
}

function RulePanel({ detail }: { detail: Detail }) {
  const { t, lang } = useText()
  return (
    <Panel title={t('ready.rules')} note={t('ready.packIs', { ...detail.pack })}>
      <ul className="pb-ready-rules">
        {(detail.rules ?? []).map(({ text, text_en, basis, source }) => (
          <li key={text}>
            <BasisTag basis={basis} />
            <span>
              {inLang(lang, text, text_en)}
              {source && <small>{t('ready.sourceIs', { source })}</small>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
