import { Button } from 'antd'
import { useState } from 'react'
import { OpenDrawer } from '../problem/OpenDrawer'
import { ProblemDrawer } from '../problem/ProblemDrawer'
import { DueText, LevelText, OwnerText, StateTag } from '../problem/parts'
import type { Problem } from '../problem/types'
import type { Column } from '../shared/DataTable'
import { useText } from '../shared/i18n'
import { PageTable } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import { useProblems } from './queries'
import type { Track } from './types'
import { useAllowed } from './useAllowed'

/** ProblemPanel lists what stands in the way of a subject, whose it is and until when. */
export function ProblemPanel({ track }: { track: Track }) {
  const { t } = useText()
  const problems = useProblems(track)
  const allowed = useAllowed('problem.edit')
  const [opening, setOpening] = useState(false)
  const [shown, setShown] = useState('')
  const columns: Column<Problem>[] = [
    {
      key: 'title',
      title: t('problem.problem'),
      heading: true,
      render: ({ id, title, body }) => (
        <>
          <button type="button" className="pb-cell" onClick={() => setShown(id)}>
            {title}
          </button>
          {body && <div className="pb-soft">{body}</div>}
        </>
      ),
    },
    {
      key: 'state',
      title: t('problem.state'),
      nowrap: true,
      render: ({ state }) => <StateTag state={state} />,
    },
    { key: 'owner', title: t('problem.owner'), render: (problem) => <OwnerText of={problem} /> },
    { key: 'due', title: t('problem.due'), render: (problem) => <DueText of={problem} /> },
    { key: 'level', title: t('problem.level'), render: (problem) => <LevelText of={problem} /> },
  ]
  const { kind, id, name } = track
  return (
    <Panel
      title={t('trackProblem.title')}
      extra={
        allowed && (
          <Button size="small" type="primary" onClick={() => setOpening(true)}>
            {t('trackProblem.add')}
          </Button>
        )
      }
    >
      <PageTable
        caption={t('trackProblem.title')}
        query={problems}
        columns={columns}
        rowKey={({ id }) => id}
        height={140}
        emptyText={t('trackProblem.none')}
      />
      {opening && (
        <OpenDrawer
          about={{ kind, id, name }}
          onClose={() => setOpening(false)}
          onDone={() => setOpening(false)}
        />
      )}
      {shown && <ProblemDrawer id={shown} onClose={() => setShown('')} />}
    </Panel>
  )
}
