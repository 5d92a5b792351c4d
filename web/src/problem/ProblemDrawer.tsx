import { Alert, Button, Drawer, Form, Input, Radio } from 'antd'
import { useId } from 'react'
import { Refusal } from '../shared/FormDrawer'
import { day, moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Loaded } from '../shared/Panel'
import { DueField, DueText, LevelText, OwnerFields, OwnerText, StateTag, SubjectLink } from './parts'
import { useAct, useProblem } from './queries'
import type { ProblemEvent, ProblemPage } from './types'
import { actsOf, changedMeanwhile, type Entry, firstAct, silent, stepOf } from './view'

/** ProblemDrawer shows a problem with all that was done, and lets those whose it is do the next thing. */
export function ProblemDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useText()
  const problem = useProblem(id)
  return (
    <Drawer
      open
      onClose={onClose}
      title={problem.data?.title ?? t('problem.problem')}
      size={560}
      classNames={{ wrapper: 'pb-drawer' }}
    >
      <Loaded query={problem} height={320}>
        {(problem) => (
          <div className="pb-column">
            <Facts problem={problem} />
            {problem.body && <p className="pb-prob-body">{problem.body}</p>}
            <Events events={problem.events ?? []} />
            {actsOf(problem).length > 0 && <ActForm problem={problem} />}
          </div>
        )}
      </Loaded>
    </Drawer>
  )
}

function Facts({ problem }: { problem: ProblemPage }) {
  const { t, lang } = useText()
  return (
    <dl className="pb-facts">
      <div>
        <dt>{t('problem.subject')}</dt>
        <dd>
          <SubjectLink kind={problem.kind} id={problem.subject} name={problem.subject_name} />
          <div className="pb-soft">{nameIn(lang, problem.org_name, problem.org_name_en)}</div>
        </dd>
      </div>
      <div>
        <dt>{t('problem.state')}</dt>
        <dd>
          <StateTag state={problem.state} />
        </dd>
      </div>
      <div>
        <dt>{t('problem.owner')}</dt>
        <dd>
          <OwnerText of={problem} />
        </dd>
      </div>
      <div>
        <dt>{t('problem.due')}</dt>
        <dd>
          <DueText of={problem} />
        </dd>
      </div>
      <div>
        <dt>{t('problem.level')}</dt>
        <dd>
          <LevelText of={problem} />
        </dd>
      </div>
      <div>
        <dt>{t('problem.officer')}</dt>
        <dd>{problem.officer || <span className="pb-soft">{t('problem.nobody')}</span>}</dd>
      </div>
    </dl>
  )
}

function Events({ events }: { events: ProblemEvent[] }) {
  const { t, lang } = useText()
  const title = useId()
  return (
    <section aria-labelledby={title}>
      <h3 id={title} className="pb-prob-h3">
        {t('problem.events')}
      </h3>
      <ol className="pb-prob-events">
        {events.map((event, at) => {
          const before = events[at - 1]
          return (
            <li key={event.seq}>
              <span className="pb-prob-when">{moment(event.at, lang)}</span>
              <span>
                <b>{t(`problemEvent.${event.act}`)}</b> <span className="pb-soft">{event.actor}</span>
                {event.owner !== before?.owner && (
                  <div>
                    {t('problem.ownerIs', {
                      name: event.owner_name || event.owner || t('problem.nobody'),
                      org: nameIn(lang, event.owner_org_name, event.owner_org_name_en),
                    })}
                  </div>
                )}
                {event.due !== (before?.due ?? '') && (
                  <div>
                    {event.due ? t('problem.dueIs', { day: day(event.due, lang) }) : t('problem.undated')}
                  </div>
                )}
                {event.text && <div className="pb-prob-text">{event.text}</div>}
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

/** ActForm does one step. Whoever reports a problem solved does not confirm it; the server says so again. */
function ActForm({ problem }: { problem: ProblemPage }) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const acts = actsOf(problem)
  const first = firstAct(acts)
  const chosen = Form.useWatch('act', form) ?? first
  const act = acts.find((known) => known === chosen) ?? first
  const save = useAct(problem.id, () => form.resetFields())
  const changed = changedMeanwhile(save.error)
  const title = useId()
  if (!act) return null
  return (
    <section aria-labelledby={title} className="pb-prob-act">
      <h3 id={title} className="pb-prob-h3">
        {t('problem.act')}
      </h3>
      {changed !== null && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          style={{ marginBottom: 14 }}
          title={changed}
          description={t('problem.changedNote')}
        />
      )}
      {save.isError && changed === null && <Refusal error={save.error} />}
      <Form<Entry>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ act: first, owner: problem.owner, owner_org: '' }}
        disabled={save.isPending}
        onFinish={(entry) => save.mutate(stepOf({ ...entry, act }, problem.version))}
      >
        <Form.Item name="act" label={t('problem.what')}>
          <Radio.Group options={acts.map((value) => ({ value, label: t(`trackProblemAct.${value}`) }))} />
        </Form.Item>
        {act === 'assign' && <OwnerFields subject={{ kind: problem.kind, id: problem.subject }} />}
        {act === 'due' && <DueField required />}
        <Form.Item
          name="text"
          label={t(silent(act) ? 'problem.remark' : 'problem.text')}
          rules={[{ required: !silent(act), whitespace: !silent(act), message: t('problem.textNeeded') }]}
        >
          <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 8 }} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {changed === null ? t('problem.send') : t('problem.sendAgain')}
        </Button>
      </Form>
    </section>
  )
}
