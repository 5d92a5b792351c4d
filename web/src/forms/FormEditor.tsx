// The editor of a form: beside its text what it would be, what it would cost to fill in and what other forms ask already.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form as AntForm, Input } from 'antd'
import { calls } from '../filing/http'
import type { Form, FormCheck } from '../filing/types'
import { useText } from '../shared/i18n'
import { PackEditor, PutInForce } from '../shared/PackEditor'
import { Panel } from '../shared/Panel'
import { type PackDraft, usePackDraft } from '../shared/usePackDraft'
import { Verdict } from '../shared/Verdict'
import { BurdenMeter } from './BurdenMeter'
import { Preview } from './Preview'

export function FormEditor({ form }: { form: Form }) {
  const { t } = useText()
  const draft = usePackDraft(form.yaml, ['formCheck', form.code], (yaml, signal) =>
    calls.checkForm(form.code, yaml, signal),
  )
  const check = draft.check.data
  return (
    <PackEditor
      title={t('form.text')}
      draft={draft}
      below={<Put form={form} draft={draft} />}
      found={check && <Duplicates check={check} />}
    >
      {check?.burden && (
        <Panel title={t('form.burden')} note={t('form.burdenThen')}>
          <BurdenMeter burden={check.burden} />
        </Panel>
      )}
      <Panel title={t('form.preview')} note={t('form.previewNote')}>
        {check?.form ? <Preview form={check.form} /> : <p className="pb-soft">{t('form.noPreview')}</p>}
      </Panel>
    </PackEditor>
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

interface Entry {
  since: string
  reason: string
}

/** Put makes the text the city's form from a day on; earlier periods keep the version they were asked by. */
function Put({ form, draft }: { form: Form; draft: PackDraft }) {
  const { t } = useText()
  const client = useQueryClient()
  const put = useMutation({
    mutationFn: (entry: Entry) => calls.putForm(form.code, { ...entry, yaml: draft.text }),
    onSuccess: () => {
      for (const key of ['form', 'forms', 'burden', 'tasks']) client.invalidateQueries({ queryKey: [key] })
    },
  })
  return (
    <PutInForce put={put} ready={draft.ready} done={({ version }) => t('form.done', { version })}>
      <AntForm.Item
        name="since"
        label={t('form.since')}
        extra={t('form.sinceNote')}
        rules={[{ required: true, pattern: /^\d{4}-\d{2}-\d{2}$/, message: t('form.sinceForm') }]}
      >
        <Input placeholder="2025-01-01" />
      </AntForm.Item>
    </PutInForce>
  )
}
