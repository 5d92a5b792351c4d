import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { type Column, DataTable } from '../shared/DataTable'
import { moment, periodName } from '../shared/format'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { Verdict } from '../shared/Verdict'
import { CloseMonth } from './CloseMonth'
import { Completeness } from './Completeness'
import { useClosings } from './closings'
import type { Closing, Closings } from './types'
import './closing.css'

/** ClosingPage lists the closed months (封账) with their vintages, and closes another. */
export function ClosingPage() {
  const { t, lang } = useText()
  const me = useMe()
  const closings = useClosings()
  const [closing, setClosing] = useState(false)
  const open = closable(closings.data)
  const columns: Column<Closing>[] = [
    {
      key: 'period',
      title: t('closing.month'),
      heading: true,
      render: ({ period, no }) => (
        <Link to="/closings/$period/$no" params={{ period, no: String(no) }}>
          {t('closing.vintage', { period: periodName(period, lang), no })}
        </Link>
      ),
    },
    {
      key: 'moved',
      title: t('closing.ledger'),
      render: ({ moved }) => (moved ? <Verdict judgement="fair">{t('closing.movedShort')}</Verdict> : '—'),
    },
    { key: 'at', title: t('closing.at'), nowrap: true, render: ({ at }) => moment(at, lang) },
    { key: 'actor', title: t('closing.actor'), render: ({ actor }) => actor },
    { key: 'reason', title: t('closing.reason'), width: '26%', render: ({ reason }) => reason },
    {
      key: 'complete',
      title: t('closing.complete'),
      render: ({ complete }) => <Completeness complete={complete} />,
    },
    {
      key: 'digest',
      title: t('closing.digest'),
      wideOnly: true,
      render: ({ digest }) => (
        <code className="pb-digest" title={digest}>
          {digest.slice(0, 12)}
        </code>
      ),
    },
  ]
  return (
    <div className="pb-page">
      <PageHead title={t('page.closings')} note={t('closing.note')}>
        {can(me, 'closing.make') && (
          <Button type="primary" disabled={open.length === 0} onClick={() => setClosing(true)}>
            {t('closing.close')}
          </Button>
        )}
      </PageHead>
      <Panel title={t('closing.list')}>
        <Loaded
          query={closings}
          height={240}
          empty={({ items }) => !items?.length}
          emptyText={t('closing.none')}
        >
          {({ items }) => (
            <DataTable
              caption={t('closing.list')}
              columns={columns}
              items={items ?? []}
              rowKey={({ period, no }) => `${period}#${no}`}
            />
          )}
        </Loaded>
      </Panel>
      {closing && (
        <CloseMonth periods={open} closed={closings.data?.items ?? []} onClose={() => setClosing(false)} />
      )}
    </div>
  )
}

/** closable lists the months that can be closed: those that never were, and those whose ledger says something else by now. */
function closable(closings: Closings | undefined): string[] {
  const moved = (closings?.items ?? []).filter((one) => one.moved).map(({ period }) => period)
  return [...(closings?.open ?? []), ...moved]
}
