import { Link } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { FormDrawer } from '../shared/FormDrawer'
import { moment } from '../shared/format'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Changes } from './Changes'
import { Counts } from './Counts'
import { deeds, useDeed } from './intakes'
import type { Intake } from './types'

const projectList = 'project_list' // the form whose rows can become projects

/** Outcome says what was written, as which batch, and whether it can still be undone as a whole. */
export function Outcome({ intake }: { intake: Intake }) {
  const { t, lang } = useText()
  const { report, state } = intake
  const at = moment(report?.committed_at, lang)
  const mayLoad = can(useMe(), 'milestone.edit')
  const loads = mayLoad && state === 'committed' && intake.form === projectList
  return (
    <>
      <Panel title={t('intake.outcome')}>
        {state === 'committed' && (
          <Alert
            type="success"
            showIcon
            role="status"
            title={
              report?.batch
                ? t('intake.committed', { batch: report.batch, at, count: report.written ?? 0 })
                : t('intake.committedNothing')
            }
          />
        )}
        {state === 'undone' && <Alert type="info" showIcon role="status" title={t('intake.undone')} />}
        {state === 'discarded' && <Alert type="info" showIcon role="status" title={t('intake.discarded')} />}
        {report && <Counts report={report} />}
        {state === 'committed' && report?.undo && <Undo intake={intake} undo={report.undo} />}
        <div className="pb-commit">
          <Link to="/imports">{t('intake.another')}</Link>
          {loads && (
            <Link to="/projects" search={{ load: '1', org: intake.subject }}>
              {t('intake.toProjects')}
            </Link>
          )}
        </div>
      </Panel>
      {report && state === 'committed' && <Changes intake={intake} report={report} />}
    </>
  )
}

function Undo({ intake, undo }: { intake: Intake; undo: { possible: boolean; why: string } }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<{ reason: string }>()
  const take = useDeed(
    intake.id,
    (reason: string) => deeds.undo(intake.id, reason),
    () => setOpen(false),
  )
  if (!undo.possible) return <p>{t('intake.undoNot', { why: undo.why })}</p>
  return (
    <div className="pb-commit">
      <Button onClick={() => setOpen(true)}>{t('intake.undo')}</Button>
      <span className="pb-soft">{t('intake.undoNote')}</span>
      <FormDrawer<{ reason: string }>
        title={t('intake.undo')}
        note={t('intake.undoAsk')}
        open={open}
        onClose={() => setOpen(false)}
        onSave={({ reason }) => take.mutate(reason)}
        saving={take.isPending}
        error={take.error}
        form={form}
        save={t('intake.undo')}
      >
        <Form.Item
          name="reason"
          label={t('choose.reason')}
          rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </FormDrawer>
    </div>
  )
}
