import { type Column, DataTable } from '../shared/DataTable'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import type { Report } from '../shared/types'
import { Verdict } from '../shared/Verdict'

type CellError = NonNullable<Report['errors']>[number]
type Change = NonNullable<Report['changes']>[number]

const most = 200 // enough to see what is wrong; the rest is counted

/** ReportView says what an import found: how many rows are new, changed or the same, which cells are wrong, what would change. */
export function ReportView({ report }: { report: Report }) {
  const { t } = useText()
  const errors = report.errors ?? []
  const ignored = report.ignored ?? []
  return (
    <>
      <Panel title={t(report.dry_run ? 'report.dryRun' : 'report.done')} note={report.file}>
        <dl className="pb-facts pb-report">
          {(['rows', 'new', 'changed', 'unchanged'] as const).map((name) => (
            <div key={name}>
              <dt>{t(`report.${name}`)}</dt>
              <dd>{report[name].toLocaleString('en-US')}</dd>
            </div>
          ))}
          <div>
            <dt>{t('report.errors')}</dt>
            <dd>
              {errors.length === 0 ? (
                <Verdict judgement="good">{t('report.noErrors')}</Verdict>
              ) : (
                <Verdict judgement="bad">
                  {t('report.errorCount', { count: errors.length + report.more_errors })}
                </Verdict>
              )}
            </dd>
          </div>
        </dl>
        {ignored.length > 0 && (
          <p className="pb-ignored">{t('report.ignored', { columns: ignored.join(t('app.comma')) })}</p>
        )}
      </Panel>
      {errors.length > 0 && <Errors errors={errors} />}
      {errors.length === 0 && <Changes changes={report.changes ?? []} />}
    </>
  )
}

function Errors({ errors }: { errors: CellError[] }) {
  const { t } = useText()
  const columns: Column<CellError>[] = [
    {
      key: 'row',
      title: t('report.row'),
      heading: true,
      render: ({ row, sheet }) =>
        [sheet, row > 0 ? t('report.rowNo', { row }) : t('report.wholeFile')].filter(Boolean).join(' · '),
    },
    { key: 'column', title: t('report.column'), render: ({ column }) => column || '—' },
    { key: 'cell', title: t('report.cell'), render: ({ cell }) => cell || '—' },
    { key: 'text', title: t('report.text'), render: ({ text }) => text || '—' },
    { key: 'message', title: t('report.message'), render: ({ message }) => message },
  ]
  return (
    <Panel
      title={t('report.errors')}
      note={errors.length > most ? t('report.first', { count: most }) : undefined}
    >
      <DataTable
        caption={t('report.errors')}
        columns={columns}
        items={errors.slice(0, most)}
        rowKey={(error) => [error.sheet, error.row, error.column, error.key].join('|')}
      />
    </Panel>
  )
}

function Changes({ changes }: { changes: Change[] }) {
  const { t } = useText()
  const columns: Column<Change>[] = [
    { key: 'park', title: t('tenancy.park'), heading: true, render: ({ park }) => park },
    { key: 'row', title: t('report.row'), numeric: true, render: ({ row }) => row },
    { key: 'field', title: t('report.field'), render: ({ field }) => t(`field.${field}`, field) },
    {
      key: 'before',
      title: t('report.before'),
      render: ({ before }) => before || <span className="pb-soft">{t('park.unknown')}</span>,
    },
    {
      key: 'after',
      title: t('report.after'),
      render: ({ after }) => after || <span className="pb-soft">{t('park.unknown')}</span>,
    },
  ]
  return (
    <Panel
      title={t('report.changes')}
      note={changes.length > most ? t('report.first', { count: most }) : undefined}
    >
      {changes.length === 0 ? (
        <Empty title={t('report.noChanges')} />
      ) : (
        <DataTable
          caption={t('report.changes')}
          columns={columns}
          items={changes.slice(0, most)}
          rowKey={(change) => [change.row, change.park, change.field].join('|')}
        />
      )}
    </Panel>
  )
}
