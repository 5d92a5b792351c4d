import { Link } from '@tanstack/react-router'
import { DueText, OwnerText, StateTag, SubjectLink } from '../problem/parts'
import type { Problem } from '../problem/types'
import { type Column, DataTable } from '../shared/DataTable'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import type { Review } from './types'

/** FollowUps are the problems that came out of a review, as they stand today. */
export function FollowUps({ review }: { review: Review }) {
  const { t } = useText()
  const problems = review.problems ?? []
  const columns: Column<Problem>[] = [
    {
      key: 'title',
      title: t('problem.problem'),
      heading: true,
      render: ({ id, title }) => (
        <Link to="/problems" search={{ review: review.id, open: id }}>
          {title}
        </Link>
      ),
    },
    {
      key: 'subject',
      title: t('problem.subject'),
      render: ({ kind, subject, subject_name }) => (
        <SubjectLink kind={kind} id={subject} name={subject_name} />
      ),
    },
    { key: 'state', title: t('problem.state'), render: ({ state }) => <StateTag state={state} /> },
    { key: 'owner', title: t('problem.owner'), render: (problem) => <OwnerText of={problem} /> },
    { key: 'due', title: t('problem.due'), render: (problem) => <DueText of={problem} /> },
  ]
  return (
    <Panel title={t('quarter.followUps')} note={t('quarter.followUpsNote')}>
      {problems.length === 0 ? (
        <Empty title={t('quarter.noFollowUps')} detail={t('quarter.noFollowUpsWhy')} />
      ) : (
        <DataTable
          caption={t('quarter.followUps')}
          columns={columns}
          items={problems}
          rowKey={({ id }) => id}
        />
      )}
    </Panel>
  )
}
