// The editor of a form: its text on the left, what it would be on the right. Nothing is written before "put in force".
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Form as AntForm, Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { calls } from '../filing/http'
import type { Form, FormCheck } from '../filing/types'
import { Refusal } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Failure, Loading } from '../shared/states'
import { Verdict } from '../shared/Verdict'
import { BurdenMeter } from './BurdenMeter'
import { CodeText, type CodeTextHandle } from './CodeText'
import { Preview } from './Preview'

const pause = 600 // ms without a key before the text is checked

export function FormEditor({ form }: { form: Form }) {
  const { t } = useText()
  const [text, setText] = useState(form.yaml)
  const settled = useSettled(text)
  const area = useRef<CodeTextHandle>(null)
  const check = useQuery({
    queryKey: ['formCheck', form.code, settled],
    queryFn: ({ signal }) => calls.checkForm(form.code, settled, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const current = settled === text && !check.isPlaceholderData
  return (
    <div className="pb-editor">
      <Panel
        title={t('form.text')}
        note={t('form.textNote')}
        extra={
          <Button size="small" disabled={text === form.yaml} onClick={() => setText(form.yaml)}>
            {t('form.reset')}
          </Button>
        }
      >
        <CodeText
          ref={area}
          label={t('form.text')}
          text={text}
          onText={setText}
          marked={(check.data?.problems ?? []).map(({ line }) => line)}
        />
        <Put form={form} text={text} ready={current && check.data?.ok === true} />
      </Panel>
      <div className="pb-column">
        <Panel title={t('form.checked')}>
          {check.isPending ? (
            <Loading height={120} />
          ) : check.isError && !check.data ? (
            <Failure error={check.error} onRetry={() => check.refetch()} />
          ) : (
            check.data && (
              <div aria-busy={!current || undefined}>
                <Problems check={check.data} onLine={(line) => area.current?.goTo(line)} />
                <Duplicates check={check.data} />
              </div>
            )
          )}
        </Panel>
        {check.data?.burden && (
          <Panel title={t('form.burden')} note={t('form.burdenThen')}>
            <BurdenMeter burden={check.data.burden} />
          </Panel>
        )}
        <Panel title={t('form.preview')} note={t('form.previewNote')}>
          {check.data?.form ? (
            <Preview form={check.data.form} />
          ) : (
            <p className="pb-soft">{t('form.noPreview')}</p>
          )}
        </Panel>
      </div>
    </div>
  )
}

/** useSettled gives a text once nobody has typed for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

function Problems({ check, onLine }: { check: FormCheck; onLine: (line: number) => void }) {
  const { t } = useText()
  const problems = check.problems ?? []
  if (check.ok) return <Verdict judgement="good">{t('form.sound')}</Verdict>
  return (
    <>
      <Verdict judgement="bad">{t('form.problemCount', { count: problems.length })}</Verdict>
      <ul className="pb-happened" aria-label={t('form.problems')}>
        {problems.map(({ line, message }) => (
          <li key={`${line}/${message}`}>
            {line > 0 && (
              <button type="button" className="pb-link-button" onClick={() => onLine(line)}>
                {t('form.line', { line })}
              </button>
            )}{' '}
            {message}
          </li>
        ))}
      </ul>
    </>
  )
}

function Duplicates({ check }: { check: FormCheck }) {
  const { t } = useText()
  const duplicates = check.duplicates ?? []
  if (duplicates.length === 0) return null
  return (
    <>
      <h3 className="pb-drawer-head">{t('form.duplicates')}</h3>
      <ul className="pb-happened">
        {duplicates.map(({ field, other_form, other_field, why }) => (
          <li key={`${field}/${other_form}/${other_field}`}>
            <Verdict judgement="fair">{t('form.duplicate')}</Verdict> <code>{field}</code> ↔{' '}
            <code>{[other_form, other_field].filter(Boolean).join('.')}</code>
            <br />
            <small>{why}</small>
          </li>
        ))}
      </ul>
    </>
  )
}

interface PutProps {
  form: Form
  text: string
  ready: boolean
}

interface Entry {
  since: string
  reason: string
}

/** Put makes the text the city's form from a day on; earlier periods keep the version they were asked by. */
function Put({ form, text, ready }: PutProps) {
  const { t } = useText()
  const client = useQueryClient()
  const put = useMutation({
    mutationFn: (entry: Entry) => calls.putForm(form.code, { ...entry, yaml: text }),
    onSuccess: () => {
      for (const key of ['form', 'forms', 'burden', 'tasks']) client.invalidateQueries({ queryKey: [key] })
    },
  })
  return (
    <AntForm<Entry>
      layout="vertical"
      requiredMark={false}
      className="pb-put"
      onFinish={(entry) => put.mutate(entry)}
      disabled={put.isPending}
    >
      {put.isError && <Refusal error={put.error} />}
      {put.isSuccess && (
        <Alert type="success" showIcon role="status" title={t('form.done', { version: put.data.version })} />
      )}
      <AntForm.Item
        name="since"
        label={t('form.since')}
        extra={t('form.sinceNote')}
        rules={[{ required: true, pattern: /^\d{4}-\d{2}-\d{2}$/, message: t('form.sinceForm') }]}
      >
        <Input placeholder="2025-01-01" />
      </AntForm.Item>
      <AntForm.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
      </AntForm.Item>
      <Button
        type="primary"
        htmlType="submit"
        loading={put.isPending}
        disabled={!ready || text === form.yaml}
      >
        {t('form.put')}
      </Button>
    </AntForm>
  )
}
