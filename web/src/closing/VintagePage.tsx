import { useMutation } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { type Column, DataTable } from '../shared/DataTable'
import { Refusal } from '../shared/FormDrawer'
import { moment, periodName } from '../shared/format'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { Verdict } from '../shared/Verdict'
import { BridgePanel } from './BridgePanel'
import { CloseMonth } from './CloseMonth'
import { Completeness } from './Completeness'
import { bundleAddress, useClosings, useVintage, verify } from './closings'
import { ReportTable } from './ReportTable'
import type { Closing, Vintage } from './types'
import { viewOf } from './view'
import './closing.css'

/** VintagePage shows one closing of a month as it was: its report, what it was computed by, and how it differs from others. */
export function VintagePage() {
  const { t, lang } = useText()
  const { period = '', no = '' } = useParams({ strict: false })
  const vintage = useVintage(period, Number(no))
  const search = useSearch({ strict: false })
  const closings = useClosings()
  const siblings = (closings.data?.items ?? []).filter((one) => one.period === period)
  return (
    <div className="pb-page">
      <PageHead
        title={t('closing.vintage', { period: periodName(period, lang), no })}
        note={t('closing.vintageNote')}
      >
        <Link to="/closings">{t('closing.back')}</Link>
      </PageHead>
      <Loaded query={vintage} height={480}>
        {(data) => {
          const view = viewOf(data, siblings, search)
          return (
            <div className="pb-column">
              <Head vintage={data} siblings={siblings} />
              <Panel title={t('closing.report')} note={t('closing.reportNote')}>
                <ReportTable report={data.report} view={view} />
              </Panel>
              <BridgePanel vintage={data} siblings={siblings} view={view} />
              <Sources vintage={data} />
            </div>
          )
        }}
      </Loaded>
    </div>
  )
}

function Head({ vintage, siblings }: { vintage: Vintage; siblings: Closing[] }) {
  const { t, lang } = useText()
  return (
    <Panel
      title={t('closing.facts')}
      extra={
        <Button href={bundleAddress(vintage.period, vintage.no)} download>
          {t('closing.bundle')}
        </Button>
      }
    >
      <dl className="pb-facts">
        <Fact name={t('closing.at')}>{moment(vintage.at, lang)}</Fact>
        <Fact name={t('closing.actor')}>{vintage.actor}</Fact>
        <Fact name={t('closing.reason')}>{vintage.reason}</Fact>
        <Fact name={t('closing.sequence')}>{vintage.sequence}</Fact>
      </dl>
      <h3 className="pb-complete-head">{t('closing.complete')}</h3>
      <Completeness complete={vintage.complete} />
      {vintage.moved && <Moved vintage={vintage} siblings={siblings} />}
      <Verify vintage={vintage} />
    </Panel>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Moved says that the ledger says something else by now, and offers to close the month again. */
function Moved({ vintage, siblings }: { vintage: Vintage; siblings: Closing[] }) {
  const { t } = useText()
  const allowed = can(useMe(), 'closing.make')
  const [closing, setClosing] = useState(false)
  const again = (
    <Button size="small" onClick={() => setClosing(true)}>
      {t('closing.again')}
    </Button>
  )
  return (
    <>
      <Alert
        type="info"
        showIcon
        role="status"
        title={t('closing.moved')}
        action={allowed ? again : undefined}
      />
      {closing && (
        <CloseMonth periods={[vintage.period]} closed={siblings} onClose={() => setClosing(false)} />
      )}
    </>
  )
}

/** Verify computes the vintage anew on the server and compares its digest with the one that was kept. */
function Verify({ vintage }: { vintage: Vintage }) {
  const { t } = useText()
  const again = useMutation({ mutationFn: () => verify(vintage.period, vintage.no) })
  const found = again.data
  return (
    <div className="pb-verify">
      <p>
        {t('closing.digestIs')} <code className="pb-digest">{vintage.digest}</code>
      </p>
      {again.isError && <Refusal error={again.error} />}
      <Button onClick={() => again.mutate()} loading={again.isPending}>
        {t('closing.verify')}
      </Button>
      <span role="status">
        {found?.ok && <Verdict judgement="good">{t('closing.verified')}</Verdict>}
        {found && !found.ok && (
          <Verdict judgement="bad">{t('closing.notVerified', { digest: found.recomputed })}</Verdict>
        )}
      </span>
    </div>
  )
}

/** Sources lists by which rules and from which parts the report was computed. */
function Sources({ vintage }: { vintage: Vintage }) {
  const { t } = useText()
  const parts = Object.entries(vintage.digests ?? {})
  const columns: Column<[string, string]>[] = [
    {
      key: 'part',
      title: t('closing.part'),
      heading: true,
      render: ([name]) => t(`closingPart.${name}`, name),
    },
    {
      key: 'digest',
      title: t('closing.digest'),
      render: ([, digest]) => <code className="pb-digest">{digest}</code>,
    },
  ]
  return (
    <Panel title={t('closing.sources')} note={t('closing.sourcesNote')}>
      {vintage.rules && vintage.rules.length > 0 && (
        <p>
          {t('closing.rules', {
            rules: vintage.rules.map(({ pack, number }) => `${pack} ${number}`).join(t('app.comma')),
          })}
        </p>
      )}
      <DataTable caption={t('closing.sources')} columns={columns} items={parts} rowKey={([name]) => name} />
    </Panel>
  )
}
