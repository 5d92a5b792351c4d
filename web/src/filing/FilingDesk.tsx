// The desk of one filing: what is asked on the left, what the rules and people say of it on the right.
import { Alert, Button, Input } from 'antd'
import { useState } from 'react'
import { ApiError } from '../shared/api'
import { Refusal } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Deeds } from './Deeds'
import { DifferingPanel } from './DifferingPanel'
import { DiffPanel } from './DiffPanel'
import { Conflicts, DraftOffer } from './Drafts'
import { History } from './History'
import { ListSheet } from './ListSheet'
import { type OriginAt, Origins } from './Origins'
import { Remarks } from './Remarks'
import { SingleForm } from './SingleForm'
import { allows, type Filing, type Form, type Ref } from './types'
import { type Entry, useEntry } from './useEntry'
import { useAnswers, Verdicts } from './Verdicts'

interface FilingDeskProps {
  of: Ref
  form: Form
  filing: Filing
}

export function FilingDesk({ of, form, filing }: FilingDeskProps) {
  const { t } = useText()
  const entry = useEntry(of, filing)
  const answers = useAnswers(filing.verdicts ?? [])
  const [origin, setOrigin] = useState<OriginAt | null>(null)
  const items = form.items ?? []
  return (
    <>
      <Deeds of={of} form={form} entry={entry} answers={answers} />
      <DraftOffer entry={entry} />
      <Conflicts entry={entry} items={items} />
      <Trouble entry={entry} />
      <div className={form.list ? 'pb-column' : 'pb-split'}>
        <Panel
          title={t('fill.figures')}
          note={allows(filing, 'fill') ? undefined : t('fill.readOnly')}
          extra={entry.open && <Undo entry={entry} />}
        >
          {form.list ? (
            <ListSheet form={form} entry={entry} onOrigin={setOrigin} />
          ) : (
            <SingleForm form={form} entry={entry} onOrigin={setOrigin} />
          )}
        </Panel>
        <div className={form.list ? 'pb-split' : 'pb-column'}>
          <Verdicts filing={filing} items={items} answers={answers} unsaved={entry.count > 0} />
          {filing.changed_since_approval && <DiffPanel of={of} items={items} />}
          <DifferingPanel filing={filing} items={items} />
          <Remarks of={of} filing={filing} items={items} />
          <History filing={filing} />
        </div>
      </div>
      <Origins of={of} at={origin} items={items} onClose={() => setOrigin(null)} />
    </>
  )
}

function Undo({ entry }: { entry: Entry }) {
  const { t } = useText()
  return (
    <>
      <Button size="small" onClick={entry.undo} disabled={!entry.canUndo}>
        {t('fill.undo')}
      </Button>
      <Button size="small" onClick={entry.redo} disabled={!entry.canRedo}>
        {t('fill.redo')}
      </Button>
    </>
  )
}

// staleText is who saved and when, as the server says it.
function staleText(error: unknown): string | undefined {
  return error instanceof ApiError ? error.message : undefined
}

/** Trouble says why a save did not work; what was typed is safe in either case. */
function Trouble({ entry }: { entry: Entry }) {
  const { t } = useText()
  return (
    <>
      {entry.offline && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t('fill.offline')}
          description={t(entry.kept ? 'fill.offlineKept' : 'fill.notKept')}
          action={
            <Button size="small" onClick={() => entry.save()} loading={entry.saving}>
              {t('action.retry')}
            </Button>
          }
        />
      )}
      {entry.closed && <Correction entry={entry} />}
      {entry.error !== null && !entry.offline && !entry.stale && !entry.closed && (
        <Refusal error={entry.error} />
      )}
      {entry.stale && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t('fill.stale')}
          description={staleText(entry.error)}
        />
      )}
      {!entry.kept && !entry.offline && <Alert type="warning" showIcon title={t('fill.notKept')} />}
    </>
  )
}

/** Correction asks for the reason that a change of a closed month needs. */
function Correction({ entry }: { entry: Entry }) {
  const { t } = useText()
  const [reason, setReason] = useState('')
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('fill.closed')}
      description={
        <span className="pb-remark">
          <Input.TextArea
            aria-label={t('choose.reason')}
            placeholder={t('choose.reason')}
            value={reason}
            maxLength={500}
            autoSize={{ minRows: 1, maxRows: 4 }}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button
            type="primary"
            disabled={!reason.trim()}
            loading={entry.saving}
            onClick={() => entry.save(reason.trim())}
          >
            {t('fill.correct')}
          </Button>
        </span>
      }
    />
  )
}
