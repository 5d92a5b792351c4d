// The editor of a pack: its text on the left, what the check says of it on the right. Nothing is written before "put in force".
import type { UseMutationResult } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { type ReactNode, useRef } from 'react'
import { CodeText, type CodeTextHandle } from './CodeText'
import { Refusal } from './FormDrawer'
import { useText } from './i18n'
import { Panel } from './Panel'
import { Failure, Loading } from './states'
import type { PackCheck, PackDraft } from './usePackDraft'
import { Verdict } from './Verdict'
import './pack-editor.css'

interface PackEditorProps {
  title: string
  draft: PackDraft
  /** Under the text. */
  below?: ReactNode
  /** What else the check found, under its problems. */
  found?: ReactNode
  /** Panels under the check. */
  children: ReactNode
}

export function PackEditor({ title, draft, below, found, children }: PackEditorProps) {
  const { t } = useText()
  const area = useRef<CodeTextHandle>(null)
  const { check } = draft
  return (
    <div className="pb-editor">
      <Panel
        title={title}
        note={t('pack.textNote')}
        extra={
          <Button size="small" disabled={!draft.changed} onClick={draft.reset}>
            {t('pack.reset')}
          </Button>
        }
      >
        <CodeText
          ref={area}
          label={title}
          text={draft.text}
          onText={draft.write}
          marked={(check.data?.problems ?? []).map(({ line }) => line)}
        />
        {below}
      </Panel>
      <div className="pb-column">
        <Panel title={t('pack.checked')}>
          {check.isPending ? (
            <Loading height={120} />
          ) : check.data ? (
            <div aria-busy={!draft.current || undefined}>
              <Problems check={check.data} onLine={(line) => area.current?.goTo(line)} />
              {found}
            </div>
          ) : (
            <Failure error={check.error} onRetry={() => check.refetch()} />
          )}
        </Panel>
        {children}
      </div>
    </div>
  )
}

function Problems({ check, onLine }: { check: PackCheck; onLine: (line: number) => void }) {
  const { t } = useText()
  const problems = check.problems ?? []
  if (check.ok) return <Verdict judgement="good">{t('pack.sound')}</Verdict>
  return (
    <>
      <Verdict judgement="bad">{t('pack.problemCount', { count: problems.length })}</Verdict>
      <ul className="pb-plain" aria-label={t('pack.problems')}>
        {problems.map(({ line, message }) => (
          <li key={`${line}/${message}`}>
            {line > 0 && (
              <button type="button" className="pb-cell" onClick={() => onLine(line)}>
                {t('pack.line', { line })}
              </button>
            )}{' '}
            {message}
          </li>
        ))}
      </ul>
    </>
  )
}

interface PutInForceProps<Entry, Pack> {
  put: UseMutationResult<Pack, Error, Entry>
  /** The text may be put in force. */
  ready: boolean
  /** What to say once it was. */
  done: (pack: Pack) => string
  /** Fields before the reason. */
  children?: ReactNode
}

/** PutInForce asks for the reason of a new version and puts it in force; earlier versions stay as they are. */
export function PutInForce<Entry extends { reason: string }, Pack>({
  put,
  ready,
  done,
  children,
}: PutInForceProps<Entry, Pack>) {
  const { t } = useText()
  return (
    <Form<Entry>
      layout="vertical"
      requiredMark={false}
      className="pb-put"
      onFinish={(entry) => put.mutate(entry)}
      disabled={put.isPending}
    >
      {put.isError && <Refusal error={put.error} />}
      {put.isSuccess && <Alert type="success" showIcon role="status" title={done(put.data)} />}
      {children}
      <Form.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={put.isPending} disabled={!ready}>
        {t('pack.put')}
      </Button>
    </Form>
  )
}
