// What can be done to a filing now: save, send off, call back, approve, return, open again.
import { useMutation } from '@tanstack/react-query'
import { Alert, Form as AntForm, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { Refusal } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { DifferingDrawer } from './DifferingDrawer'
import { calls, exportAddress, templateAddress } from './http'
import { useFilingChange } from './queries'
import { allows, type Filing, type Form, type Ref } from './types'
import type { Entry } from './useEntry'
import { type Answers, answersOf } from './Verdicts'

export const steps = ['recall', 'approve', 'return', 'reopen'] as const
export type Step = (typeof steps)[number]

interface DeedsProps {
  of: Ref
  form: Form
  entry: Entry
  answers: Answers
}

export function Deeds({ of, form, entry, answers }: DeedsProps) {
  const { t } = useText()
  const me = useMe()
  const { filing } = entry
  const [asked, setAsked] = useState<Step | null>(null)
  const [differing, setDiffering] = useState(false)
  const period = of.period === '-' ? undefined : of.period
  return (
    <>
      <div className="pb-filing-deeds">
        {allows(filing, 'fill') && <Save entry={entry} />}
        {allows(filing, 'submit') && <Submit of={of} entry={entry} answers={answers} />}
        {steps
          .filter((step) => allows(filing, step))
          .map((step) => (
            <Button
              key={step}
              type={step === 'approve' ? 'primary' : undefined}
              disabled={entry.count > 0}
              onClick={() => setAsked(step)}
            >
              {t(`deed.${step}`)}
            </Button>
          ))}
        <Button href={templateAddress(of)}>{t('fill.template')}</Button>
        <Button href={exportAddress({ form: form.code, period, org: filing.org }, 'xlsx')}>
          {t('fill.export')}
        </Button>
        {of.kind === 'enterprise' && form.every === 'month' && can(me, 'filing.review') && (
          <Button onClick={() => setDiffering(true)}>{t('fill.differing')}</Button>
        )}
      </div>
      <StepDialog of={of} version={filing.version} step={asked} onClose={() => setAsked(null)} />
      <DifferingDrawer of={of} form={form} open={differing} onClose={() => setDiffering(false)} />
    </>
  )
}

function Save({ entry }: { entry: Entry }) {
  const { t } = useText()
  const { count } = entry
  return (
    <>
      <Button
        type={count > 0 ? 'primary' : undefined}
        disabled={count === 0 || !entry.open || entry.conflicts.length > 0}
        loading={entry.saving}
        onClick={() => entry.save()}
      >
        {t('action.save')}
      </Button>
      <span role="status" className="pb-soft">
        {count > 0 ? t('fill.unsavedCount', { count }) : entry.filing.version > 0 ? t('fill.allSaved') : ''}
      </span>
    </>
  )
}

interface SubmitProps {
  of: Ref
  entry: Entry
  answers: Answers
}

/** Submit sends a filing off. It says what is still missing instead of letting the server refuse. */
function Submit({ of, entry, answers }: SubmitProps) {
  const { t } = useText()
  const { filing } = entry
  const [told, setTold] = useState(false)
  const submit = useFilingChange(of, (now: Filing) =>
    calls.submit(of, now.version, answersOf(now.verdicts ?? [], answers.reasons)),
  )
  const missing = [
    (entry.count > 0 || entry.conflicts.length > 0) && t('fill.saveFirst'),
    answers.errors.length > 0 && t('fill.errorsLeft', { count: answers.errors.length }),
    answers.unanswered.length > 0 && t('fill.reasonsLeft', { count: answers.unanswered.length }),
  ].filter((text): text is string => text !== false)
  return (
    <>
      <Button
        type={entry.count === 0 ? 'primary' : undefined}
        loading={submit.isPending}
        disabled={!entry.open}
        onClick={() => {
          setTold(missing.length > 0)
          if (missing.length === 0) submit.mutate(filing)
        }}
      >
        {t('deed.submit')}
      </Button>
      {told && missing.length > 0 && (
        <Alert type="warning" showIcon role="alert" title={missing.join(t('app.semicolon'))} />
      )}
      {submit.isError && <Refusal error={submit.error} />}
    </>
  )
}

interface StepDialogProps {
  of: Ref
  version: number
  step: Step | null
  onClose: () => void
  onDone?: () => void
}

/** StepDialog asks for the reason of a step; approving needs none. */
export function StepDialog({ of, version, step, onClose, onDone }: StepDialogProps) {
  const { t } = useText()
  const [form] = AntForm.useForm<{ reason?: string }>()
  const move = useFilingChange(of, ({ step, reason }: { step: Step; reason: string }) =>
    calls[step](of, version, reason),
  )
  const close = () => {
    move.reset()
    onClose()
  }
  if (!step) return null
  return (
    <Modal
      open
      title={t(`deed.${step}`)}
      okText={t(`deed.${step}`)}
      cancelText={t('action.cancel')}
      confirmLoading={move.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <p className="pb-soft">{t(`deedNote.${step}`)}</p>
      {move.isError && <Refusal error={move.error} />}
      <AntForm
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason }) =>
          move.mutate(
            { step, reason: reason?.trim() ?? '' },
            {
              onSuccess: () => {
                close()
                onDone?.()
              },
            },
          )
        }
      >
        <AntForm.Item
          name="reason"
          label={t('choose.reason')}
          rules={
            step === 'approve'
              ? undefined
              : [{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]
          }
        >
          <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} />
        </AntForm.Item>
      </AntForm>
    </Modal>
  )
}

/** useApproveMany approves several filings at once; each has its own outcome. */
export function useApproveMany(onDone: () => void) {
  return useMutation({ mutationFn: calls.approveMany, onSuccess: onDone })
}
