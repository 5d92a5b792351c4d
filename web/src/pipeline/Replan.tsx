import { Button, Input, Modal } from 'antd'
import { type KeyboardEvent, useRef, useState } from 'react'
import { ApiError } from '../shared/api'
import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import { ConflictView } from './ConflictView'
import type { TableRow } from './types'
import { useStep } from './useStep'

interface ReplanProps {
  row: TableRow
  stageName: (code: string) => string
  editable: boolean
}

/** Replan shows the next planned day; where the user may, it is changed here: day, reason, Enter. Esc leaves it as it is. */
export function Replan({ row, stageName, editable }: ReplanProps) {
  const { t, lang } = useText()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const stage = stageName(row.next_stage)
  const planned = row.next_planned ? day(row.next_planned, lang) : t('pipeline.noPlan')
  const replans = row.milestones?.find((mark) => mark.stage === row.next_stage)?.replans ?? 0
  function close() {
    setOpen(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  if (open) return <ReplanFields row={row} stageName={stageName} onClose={close} />
  return (
    <>
      <span>{stage}</span>{' '}
      {editable && !row.ended ? (
        <button
          ref={button}
          type="button"
          className="pb-cell"
          aria-label={t('pipeline.replanOf', { name: row.name, stage, day: planned })}
          onClick={() => setOpen(true)}
        >
          {planned}
        </button>
      ) : (
        <span className="pb-figures">{planned}</span>
      )}
      {replans > 0 && <small className="pb-soft"> {t('pipeline.replans', { count: replans })}</small>}
    </>
  )
}

interface ReplanFieldsProps {
  row: TableRow
  stageName: (code: string) => string
  onClose: () => void
}

function ReplanFields({ row, stageName, onClose }: ReplanFieldsProps) {
  const { t } = useText()
  const [date, setDate] = useState(row.next_planned.length === 10 ? row.next_planned : '')
  const [reason, setReason] = useState('')
  const [told, setTold] = useState('')
  const step = useStep(row, row.version, { onDone: onClose })
  function save() {
    if (!date) return setTold(t('pipeline.dayNeeded'))
    if (!reason.trim()) return setTold(t('choose.reasonNeeded'))
    setTold('')
    step.submit({
      deed: 'plan',
      step: {
        stage: row.next_stage,
        day: date,
        source: '',
        reason: reason.trim(),
        evidence: [],
      },
      papers: [],
    })
  }
  function keys(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter') {
      event.preventDefault()
      save()
    }
  }
  const refusal = step.error instanceof ApiError ? step.error.message : step.error ? t('state.failed') : told
  return (
    <fieldset className="pb-pipe-replan" onKeyDown={keys} disabled={step.saving}>
      <legend>{t('pipeline.replanLegend', { stage: stageName(row.next_stage) })}</legend>
      <Input
        type="date"
        autoFocus
        value={date}
        aria-label={t('pipeline.newDay')}
        onChange={({ target }) => setDate(target.value)}
      />
      <Input
        value={reason}
        maxLength={500}
        placeholder={t('pipeline.replanWhy')}
        aria-label={t('choose.reason')}
        onChange={({ target }) => setReason(target.value)}
      />
      <span className="pb-pipe-deeds">
        <Button type="primary" size="small" onClick={save} loading={step.saving}>
          {t('action.save')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('action.cancel')}
        </Button>
      </span>
      {refusal && (
        <p role="alert" className="pb-pipe-refusal">
          {refusal}
        </p>
      )}
      {step.theirs && step.last && (
        <Modal open title={row.name} footer={null} onCancel={step.reset} width={640}>
          <ConflictView
            theirs={step.theirs}
            mine={{ ...step.last.step, act: 'plan' }}
            stageName={stageName}
            busy={step.saving}
            onTake={step.take}
            onAgain={step.again}
          />
        </Modal>
      )}
    </fieldset>
  )
}
