import { Link } from '@tanstack/react-router'
import { api, ask, type Schema } from '../shared/api'
import type { Column } from '../shared/DataTable'
import { moment, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageTable, usePages } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import type { IntakeHead } from './types'

/** PastIntakes lists the intakes of the office, the unfinished ones among them: each resumes where it was. */
export function PastIntakes() {
  const { t, lang } = useText()
  const intakes = usePages<IntakeHead, Schema<'ListOfIntakeHead'>>(['intakes'], (cursor, signal) =>
    ask(
      api.GET('/api/v1/intakes', { params: { query: { cursor: cursor || undefined, limit: 20 } }, signal }),
    ),
  )
  const columns: Column<IntakeHead>[] = [
    {
      key: 'file',
      title: t('batch.file'),
      heading: true,
      render: ({ id, file }) => (
        <Link to="/imports/$id" params={{ id }}>
          {file}
        </Link>
      ),
    },
    {
      key: 'form',
      title: t('intake.form'),
      render: ({ form_name, form_name_en }) => nameIn(lang, form_name, form_name_en),
    },
    {
      key: 'subject',
      title: t('intake.subject'),
      render: ({ subject, subject_name }) => subject_name || subject || t('intake.everyRow'),
    },
    {
      key: 'period',
      title: t('intake.period'),
      nowrap: true,
      render: ({ period }) => (period ? periodName(period, lang) : t('intake.standing')),
    },
    {
      key: 'state',
      title: t('intake.state'),
      nowrap: true,
      render: ({ state }) => t(`intakeState.${state}`),
    },
    { key: 'actor', title: t('batch.actor'), render: ({ actor }) => actor },
    {
      key: 'at',
      title: t('batch.at'),
      nowrap: true,
      render: ({ at }) => moment(at, lang),
    },
  ]
  return (
    <Panel title={t('intake.past')} note={t('intake.pastNote')}>
      <PageTable
        caption={t('intake.past')}
        query={intakes}
        columns={columns}
        rowKey={({ id }) => id}
        height={160}
        emptyText={t('batch.none')}
      />
    </Panel>
  )
}
