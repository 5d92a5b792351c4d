import { Link, useSearch } from '@tanstack/react-router'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { type Column, DataTable } from '../shared/DataTable'
import { day, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { isPeriod } from '../shared/period'
import { Empty } from '../shared/states'
import { Verdict } from '../shared/Verdict'
import { dueOf } from './due'
import { OfficeMatrix } from './OfficeMatrix'
import { PeriodPick } from './PeriodPick'
import { useTasks } from './queries'
import { StateBar } from './StateBar'
import type { Task } from './types'
import './filing.css'

/** TasksPage (填报任务): who owes what for a month, what waits for the reader first. */
export function TasksPage() {
  const { t, lang } = useText()
  const me = useMe()
  const { period } = useSearch({ strict: false })
  const tasks = useTasks(isPeriod(period) ? period : undefined)
  const today = tasks.data?.today ?? ''
  return (
    <div className="pb-page">
      <PageHead title={t('task.title')} note={tasks.data && periodName(tasks.data.period, lang)}>
        {tasks.data && <PeriodPick period={tasks.data.period} today={today} />}
      </PageHead>
      <Panel title={t('task.mine')} note={t('task.mineNote')}>
        <Loaded query={tasks} height={220}>
          {({ items, today }) => <Mine tasks={items ?? []} today={today} />}
        </Loaded>
      </Panel>
      <Panel title={t('task.all')}>
        <Loaded
          query={tasks}
          height={260}
          empty={({ items }) => !items?.length}
          emptyText={t('task.noForms')}
        >
          {({ items, today }) => <AllForms tasks={items ?? []} today={today} />}
        </Loaded>
      </Panel>
      {can(me, 'filing.review') && tasks.data && (
        <OfficeMatrix period={tasks.data.period} forms={tasks.data.items ?? []} />
      )}
    </div>
  )
}

const late = '9999' // a standing form has no due day and comes last

/** standing is whether a task has its own due day: a standing form is kept up to date all the time. */
const standing = (task: Task) => task.every === 'standing'

/** DueText says in words how much time is left, with a mark where it is late. */
export function DueText({ task, today }: { task: Task; today: string }) {
  const { t, lang } = useText()
  const due = dueOf(today, task)
  const bad = due.key === 'task.lateBy' || due.key === 'task.lockedSince'
  const open = task.owed + task.draft + task.returned
  const over = due.key === 'task.lateBy' && open === 0 // nobody is late with it
  const text = t(over ? 'task.overSince' : due.key, { count: due.count })
  if (due.key === 'task.noDue') return <span className="pb-soft">{text}</span>
  return (
    <span className="pb-due">
      {bad && open > 0 ? (
        <Verdict judgement="bad">{text}</Verdict>
      ) : due.key === 'task.dueToday' && open > 0 ? (
        <Verdict judgement="fair">{text}</Verdict>
      ) : (
        <span>{text}</span>
      )}
      <small className="pb-soft">{t('task.dueDay', { date: day(task.due, lang) })}</small>
    </span>
  )
}

function Mine({ tasks, today }: { tasks: Task[]; today: string }) {
  const { t, lang } = useText()
  const mine = tasks.filter((task) => task.mine > 0 && task.act !== 'none')
  if (mine.length === 0) return <Empty title={t('task.nothing')} detail={t('task.nothingWhy')} />
  const order = [...mine].sort((one, other) => (one.due || late).localeCompare(other.due || late))
  return (
    <ul className="pb-tasks">
      {order.map((task) => (
        <li key={task.form} className="pb-task">
          <h3>{nameIn(lang, task.name, task.name_en)}</h3>
          <p className="pb-soft">{standing(task) ? t('task.standing') : periodName(task.period, lang)}</p>
          <p>{t(task.act === 'review' ? 'task.toReview' : 'task.toFill', { count: task.mine })}</p>
          <DueText task={task} today={today} />
          <StateBar counts={task} name={nameIn(lang, task.name, task.name_en)} />
          <Go task={task} />
        </li>
      ))}
    </ul>
  )
}

/** Go leads to where a task is worked on: an enterprise to its one return, an office to its list. */
function Go({ task }: { task: Task }) {
  const { t } = useText()
  const me = useMe()
  const { form, period } = task
  if (task.act === 'review')
    return (
      <Link to="/reviews" search={{ form, period }} className="pb-button">
        {t('task.review')}
      </Link>
    )
  const own = task.subject === 'enterprise' ? me.enterprise?.id : undefined
  if (own === undefined)
    return (
      <Link to="/filings" search={{ form, period }} className="pb-button">
        {t('task.fill')}
      </Link>
    )
  return (
    <Link
      to="/filings/$form/$kind/$subject/$period"
      params={{ form, kind: 'enterprise', subject: own, period }}
      className="pb-button"
    >
      {t('task.fill')}
    </Link>
  )
}

function AllForms({ tasks, today }: { tasks: Task[]; today: string }) {
  const { t, lang } = useText()
  const columns: Column<Task>[] = [
    {
      key: 'name',
      title: t('task.form'),
      heading: true,
      render: (task) => (
        <Link to="/filings" search={{ form: task.form, period: task.period }}>
          {nameIn(lang, task.name, task.name_en)}
        </Link>
      ),
    },
    { key: 'every', title: t('task.every'), nowrap: true, render: ({ every }) => t(`every.${every}`) },
    {
      key: 'due',
      title: t('task.due'),
      nowrap: true,
      render: (task) => <DueText task={task} today={today} />,
    },
    {
      key: 'states',
      title: t('task.states'),
      width: '38%',
      render: (task) => <StateBar counts={task} name={nameIn(lang, task.name, task.name_en)} />,
    },
    {
      key: 'late',
      title: t('task.late'),
      numeric: true,
      render: ({ late }) =>
        late > 0 ? (
          <Verdict judgement="bad">{t('task.lateCount', { count: late })}</Verdict>
        ) : (
          <span className="pb-soft">{t('task.noneLate')}</span>
        ),
    },
  ]
  return <DataTable caption={t('task.all')} columns={columns} items={tasks} rowKey={({ form }) => form} />
}
