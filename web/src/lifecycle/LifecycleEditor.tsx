// The editor of a lifecycle: its text on the left, what the check says of it on the right. Nothing is written before "put in force".
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { CodeText, type CodeTextHandle } from '../forms/CodeText'
import { Refusal } from '../shared/FormDrawer'
import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Failure, Loading } from '../shared/states'
import { Verdict } from '../shared/Verdict'
import { calls } from './http'
import type { Lifecycle, LifecycleCheck } from './types'
import '../forms/forms.css'

const pause = 600 // ms without a key before the text is checked

export function LifecycleEditor({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t } = useText()
  const [text, setText] = useState(lifecycle.yaml)
  const [settled, setSettled] = useState(text)
  const area = useRef<CodeTextHandle>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  const check = useQuery({
    queryKey: ['lifecycleCheck', lifecycle.code, settled],
    queryFn: ({ signal }) => calls.check(lifecycle.code, settled, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const current = settled === text && !check.isPlaceholderData
  return (
    <div className="pb-editor">
      <Panel
        title={t('lifecycle.text')}
        note={t('lifecycle.textNote')}
        extra={
          <Button size="small" disabled={text === lifecycle.yaml} onClick={() => setText(lifecycle.yaml)}>
            {t('lifecycle.reset')}
          </Button>
        }
      >
        <CodeText
          ref={area}
          label={t('lifecycle.text')}
          text={text}
          onText={setText}
          marked={(check.data?.problems ?? []).map(({ line }) => line)}
        />
      </Panel>
      <div className="pb-column">
        <Panel title={t('lifecycle.checked')}>
          {check.isPending ? (
            <Loading height={120} />
          ) : check.data ? (
            <div aria-busy={!current || undefined}>
              <Problems check={check.data} onLine={(line) => area.current?.goTo(line)} />
            </div>
          ) : (
            <Failure error={check.error} onRetry={() => check.refetch()} />
          )}
        </Panel>
        <Panel title={t('lifecycle.put')} note={t('lifecycle.saveNote')}>
          <Put lifecycle={lifecycle} text={text} ready={current && check.data?.ok === true} />
        </Panel>
      </div>
    </div>
  )
}

function Problems({ check, onLine }: { check: LifecycleCheck; onLine: (line: number) => void }) {
  const { t } = useText()
  const problems = check.problems ?? []
  if (check.ok) return <Verdict judgement="good">{t('lifecycle.sound')}</Verdict>
  return (
    <>
      <Verdict judgement="bad">{t('lifecycle.problemCount', { count: problems.length })}</Verdict>
      <ul className="pb-life-problems" aria-label={t('lifecycle.problems')}>
        {problems.map(({ line, message }) => (
          <li key={`${line}/${message}`}>
            {line > 0 && (
              <button type="button" className="pb-cell" onClick={() => onLine(line)}>
                {t('lifecycle.line', { line })}
              </button>
            )}{' '}
            {message}
          </li>
        ))}
      </ul>
    </>
  )
}

/** Put makes the text the city's version from the day that it names. */
function Put({ lifecycle, text, ready }: { lifecycle: Lifecycle; text: string; ready: boolean }) {
  const { t, lang } = useText()
  const client = useQueryClient()
  const put = useMutation({
    mutationFn: ({ reason }: { reason: string }) => calls.put(lifecycle.code, { yaml: text, reason }),
    onSuccess: () => client.invalidateQueries(),
  })
  return (
    <Form<{ reason: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={(entry) => put.mutate(entry)}
      disabled={put.isPending}
    >
      {put.isError && <Refusal error={put.error} />}
      {put.isSuccess && (
        <Alert
          type="success"
          showIcon
          role="status"
          className="pb-life-done"
          title={t('lifecycle.done', { day: day(newest(put.data), lang) })}
        />
      )}
      <Form.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <Button
        type="primary"
        htmlType="submit"
        loading={put.isPending}
        disabled={!ready || text === lifecycle.yaml}
      >
        {t('lifecycle.put')}
      </Button>
    </Form>
  )
}

/** newest is the first day of the version that was put last; it may lie ahead of the one in force. */
function newest(lifecycle: Lifecycle): string {
  return (lifecycle.version_list ?? []).at(-1)?.from ?? lifecycle.from
}
