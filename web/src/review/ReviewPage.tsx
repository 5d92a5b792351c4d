import { useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { Form as AntForm, Button, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { useApproveMany } from '../filing/Deeds'
import { calls } from '../filing/http'
import { PeriodPick } from '../filing/PeriodPick'
import { useForm, useRefresh, useTasks } from '../filing/queries'
import { StateBar } from '../filing/StateBar'
import { DueText } from '../filing/TasksPage'
import { allows, type FilingRow, type Outcome, type Task } from '../filing/types'
import { type Column, DataTable } from '../shared/DataTable'
import { Refusal } from '../shared/FormDrawer'
import { moment, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { usePages } from '../shared/PageTable'
import { Loaded, Panel } from '../shared/Panel'
import { isPeriod } from '../shared/period'
import { Empty, Failure, Loading } from '../shared/states'
import { Verdict } from '../shared/Verdict'
import { useScope, useSetSearch } from '../shell/scope'
import { Outcomes } from './Outcomes'
import { ReviewDrawer } from './ReviewDrawer'
import '../filing/filing.css'
import './review.css'

/** ReviewPage (审核) is where an office reads what was sent to it, approves many at once and returns what is wrong. */
export function ReviewPage() {
  const { t, lang } = useText()
  const { period, form: code } = useSearch({ strict: false })
  const tasks = useTasks(isPeriod(period) ? period : undefined)
  return (
    <div className="pb-page">
      <PageHead title={t('review.title')} note={tasks.data && periodName(tasks.data.period, lang)}>
        {tasks.data && <PeriodPick period={tasks.data.period} today={tasks.data.today} />}
      </PageHead>
      <Loaded query={tasks} height={480} empty={({ items }) => !items?.length} emptyText={t('task.noForms')}>
        {({ items, today }) => {
          const forms = items ?? []
          const first = forms.find(({ act, mine }) => act === 'review' && mine > 0) ?? forms[0]
          const task = forms.find((known) => known.form === code) ?? first
          return (
            <div className="pb-review">
              <Panel title={t('review.forms')}>
                <FormChoice forms={forms} chosen={task?.form} />
              </Panel>
              {task && <Waiting key={`${task.form}/${task.period}`} task={task} today={today} />}
            </div>
          )
        }}
      </Loaded>
    </div>
  )
}

function FormChoice({ forms, chosen }: { forms: Task[]; chosen: string | undefined }) {
  const { t, lang } = useText()
  return (
    <ul className="pb-review-forms">
      {forms.map((task) => (
        <li key={task.form}>
          <Link
            to="/reviews"
            search={(old) => ({ ...old, form: task.form, open: undefined })}
            aria-current={task.form === chosen ? 'true' : undefined}
          >
            <span>{nameIn(lang, task.name, task.name_en)}</span>
            <b>{task.act === 'review' ? t('review.waiting', { count: task.mine }) : t('review.none')}</b>
          </Link>
        </li>
      ))}
    </ul>
  )
}

const keyOf = ({ kind, subject }: Pick<FilingRow, 'kind' | 'subject'>) => `${kind}/${subject}`

function Waiting({ task, today }: { task: Task; today: string }) {
  const { t, lang } = useText()
  const { org } = useScope()
  const { q, open } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const client = useQueryClient()
  const refresh = useRefresh()
  const form = useForm(task.form, task.period)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [asking, setAsking] = useState(false)
  const [others, setOthers] = useState(false)
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null)
  const query = { form: task.form, period: task.period, org, state: 'submitted' as const, q }
  const list = usePages(['filings', 'review', query], (cursor, signal) =>
    calls.filings({ ...query, cursor: cursor || undefined, limit: 200 }, signal),
  )
  const sent = list.data?.pages.flatMap(({ items }) => items ?? []) ?? []
  const mine = sent.filter((row) => allows(row, 'approve'))
  const rows = others ? sent : mine
  const chosen = mine.filter((row) => picked.has(keyOf(row)))
  const pick = (keys: string[], on: boolean) =>
    setPicked((old) => {
      const next = new Set(old)
      for (const key of keys) on ? next.add(key) : next.delete(key)
      return next
    })
  const at = rows.findIndex((row) => keyOf(row) === open)
  const name = nameIn(lang, task.name, task.name_en)
  return (
    <div className="pb-column">
      <Panel title={name} note={<DueText task={task} today={today} />}>
        <StateBar counts={task} name={name} />
        <div className="pb-tools pb-review-tools">
          <Button type="primary" disabled={chosen.length === 0} onClick={() => setAsking(true)}>
            {t('review.approveMany', { count: chosen.length })}
          </Button>
          <Checkbox
            disabled={mine.length === 0}
            checked={mine.length > 0 && chosen.length === mine.length}
            indeterminate={chosen.length > 0 && chosen.length < mine.length}
            onChange={(event) => pick(mine.map(keyOf), event.target.checked)}
          >
            {t('review.all', { count: mine.length })}
          </Checkbox>
          <Checkbox checked={others} onChange={(event) => setOthers(event.target.checked)}>
            {t('review.others')}
          </Checkbox>
          <Input.Search
            aria-label={t('task.subject')}
            placeholder={t('task.subject')}
            defaultValue={q}
            onSearch={(text) => setSearch({ q: text.trim() || undefined })}
            style={{ width: 220 }}
          />
        </div>
        {outcomes && <Outcomes outcomes={outcomes} rows={rows} />}
        {list.isPending ? (
          <Loading height={300} />
        ) : list.isError ? (
          <Failure error={list.error} onRetry={() => list.refetch()} />
        ) : rows.length === 0 ? (
          <Empty title={t('review.nothing')} detail={t('review.nothingWhy')} />
        ) : (
          <Rows rows={rows} picked={picked} onPick={pick} open={open} />
        )}
        {list.hasNextPage && (
          <div className="pb-more">
            <Button onClick={() => list.fetchNextPage()} loading={list.isFetchingNextPage}>
              {t('action.more')}
            </Button>
          </div>
        )}
      </Panel>
      {asking && (
        <ApproveDialog
          rows={chosen}
          onClose={() => setAsking(false)}
          onDone={(done) => {
            setOutcomes(done)
            setPicked(new Set())
            setAsking(false)
            refresh()
            client.invalidateQueries({ queryKey: ['filing'] })
          }}
        />
      )}
      {form.data && open && at >= 0 && rows[at] && (
        <ReviewDrawer
          key={open}
          row={rows[at]}
          form={form.data}
          next={rows[at + 1] && keyOf(rows[at + 1] as FilingRow)}
        />
      )}
    </div>
  )
}

interface RowsProps {
  rows: FilingRow[]
  picked: ReadonlySet<string>
  onPick: (keys: string[], on: boolean) => void
  open: string | undefined
}

function Rows({ rows, picked, onPick, open }: RowsProps) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  const columns: Column<FilingRow>[] = [
    {
      key: 'subject',
      title: t('task.subject'),
      heading: true,
      render: (row) => (
        <span className="pb-review-name">
          <Checkbox
            aria-label={t('review.pick', { name: row.subject_name })}
            checked={picked.has(keyOf(row))}
            disabled={!allows(row, 'approve')}
            onChange={(event) => onPick([keyOf(row)], event.target.checked)}
          />
          <button type="button" className="pb-link-button" onClick={() => setSearch({ open: keyOf(row) })}>
            {row.subject_name}
          </button>
        </span>
      ),
    },
    {
      key: 'org',
      title: t('park.org'),
      nowrap: true,
      render: (row) => nameIn(lang, row.org_name, row.org_name_en),
    },
    {
      key: 'sent',
      title: t('fill.submitted'),
      render: ({ submitted_at, submitted_by }) => `${submitted_by} · ${moment(submitted_at, lang)}`,
    },
    {
      key: 'marks',
      title: t('review.marks'),
      render: (row) => (
        <span className="pb-review-marks">
          {row.late && <Verdict judgement="bad">{t('task.late')}</Verdict>}
          {row.changed_since_approval && <Verdict judgement="fair">{t('fill.changedSince')}</Verdict>}
          {row.confirmed && <span className="pb-soft">{t('fill.confirmed')}</span>}
          {!allows(row, 'approve') && <span className="pb-soft">{t('review.notYours')}</span>}
        </span>
      ),
    },
  ]
  return (
    <DataTable
      caption={t('review.title')}
      columns={columns}
      items={rows}
      rowKey={keyOf}
      picked={(row) => keyOf(row) === open}
    />
  )
}

interface ApproveDialogProps {
  rows: FilingRow[]
  onClose: () => void
  onDone: (outcomes: Outcome[]) => void
}

/** ApproveDialog approves what was picked; each filing has its own outcome and none waits for another. */
function ApproveDialog({ rows, onClose, onDone }: ApproveDialogProps) {
  const { t } = useText()
  const [form] = AntForm.useForm<{ reason?: string }>()
  const approve = useApproveMany(() => undefined)
  return (
    <Modal
      open
      title={t('review.approveMany', { count: rows.length })}
      okText={t('deed.approve')}
      cancelText={t('action.cancel')}
      confirmLoading={approve.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <p className="pb-soft">{t('review.approveNote')}</p>
      {approve.isError && <Refusal error={approve.error} />}
      <AntForm
        form={form}
        layout="vertical"
        onFinish={({ reason }) =>
          approve.mutate(
            {
              items: rows.map(({ form, kind, subject, period, version }) => ({
                form,
                kind,
                subject,
                period,
                version,
              })),
              reason: reason?.trim() || undefined,
            },
            { onSuccess: ({ items }) => onDone(items ?? []) },
          )
        }
      >
        <AntForm.Item name="reason" label={t('review.remark')}>
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} />
        </AntForm.Item>
      </AntForm>
    </Modal>
  )
}
