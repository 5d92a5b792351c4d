import { api, ask, type Schema } from '../shared/api'
import type { Column } from '../shared/DataTable'
import { moment } from '../shared/format'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { PageTable, usePages } from '../shared/PageTable'
import { Panel } from '../shared/Panel'

type Line = Schema<'AuditLine'>

/** AuditPage reads the audit trail, newest line first. */
export function AuditPage() {
  const { t, lang } = useText()
  const lines = usePages(['audit'], (cursor, signal) =>
    ask(
      api.GET('/api/v1/audit', {
        params: { query: { before: cursor === '' ? undefined : Number(cursor), limit: 100 } },
        signal,
      }),
    ),
  )
  const columns: Column<Line>[] = [
    { key: 'seq', title: t('audit.seq'), heading: true, render: ({ seq }) => seq },
    {
      key: 'at',
      title: t('audit.at'),
      render: ({ at }) => <span className="pb-figures">{moment(at, lang)}</span>,
    },
    { key: 'actor', title: t('audit.actor'), render: ({ actor }) => actor },
    { key: 'action', title: t('audit.action'), render: ({ action }) => <code>{action}</code> },
    {
      key: 'entity',
      title: t('audit.entity'),
      render: ({ kind, entity }) => [t(`kind.${kind}`, kind), entity].filter(Boolean).join(' · '),
    },
  ]
  return (
    <div className="pb-page">
      <PageHead title={t('page.audit')} note={t('audit.note')} />
      <Panel title={t('audit.list')}>
        <PageTable
          caption={t('audit.list')}
          query={lines}
          columns={columns}
          rowKey={({ seq }) => String(seq)}
          emptyText={t('audit.none')}
        />
      </Panel>
    </div>
  )
}
