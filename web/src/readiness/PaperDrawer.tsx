import { Form, Input, Radio, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import { calls } from './http'
import { useEvidence, useSaveOf } from './queries'
import type { Detail, Paper } from './types'

interface Entry {
  have: boolean
  expires?: string
  evidence?: string
  source?: string
}

const wholeDay = /^\d{4}-\d{2}-\d{2}$/

/** PaperDrawer says whether a material is there and until when it holds. */
export function PaperDrawer({
  detail,
  paper,
  onClose,
}: {
  detail: Detail
  paper: Paper
  onClose: () => void
}) {
  const { t, lang } = useText()
  const [form] = Form.useForm<Entry>()
  const have = Form.useWatch('have', form) ?? true
  const grounds = Form.useWatch('evidence', form)
  const evidence = useEvidence(detail.enterprise)
  const save = useSaveOf(
    detail.enterprise,
    ({ have, expires, evidence, source }: Entry) =>
      calls.addPaper(detail.enterprise, {
        paper: paper.code,
        have,
        expires: (have && expires?.trim()) || undefined,
        evidence: (have && evidence) || undefined,
        source: source?.trim() || undefined,
      }),
    onClose,
  )
  return (
    <FormDrawer<Entry>
      open
      title={t('ready.recordOf', { paper: nameIn(lang, paper.name, paper.name_en) })}
      onClose={onClose}
      form={form}
      initial={{
        have: true,
        expires: paper.derived ? '' : paper.expires,
        evidence: paper.evidence,
        source: '',
      }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate(entry)}
    >
      <Form.Item name="have" label={t('ready.state')}>
        <Radio.Group
          options={[
            { value: true, label: t('ready.paperThere') },
            { value: false, label: t('ready.paperMissing') },
          ]}
        />
      </Form.Item>
      {have && (
        <Form.Item
          name="expires"
          label={t('ready.holdsUntil')}
          extra={paper.lasts > 0 ? t('ready.expiresNote', { count: paper.lasts }) : t('ready.expiresForever')}
          rules={[{ pattern: wholeDay, message: t('ready.dayForm') }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
      )}
      {have && (evidence.data?.length ?? 0) > 0 && (
        <Form.Item name="evidence" label={t('ready.evidence')}>
          <Select
            options={[
              { value: '', label: t('ready.noEvidence') },
              ...(evidence.data ?? []).map(({ id, title, number, file_name }) => ({
                value: id,
                label: [title, number || file_name].filter(Boolean).join(' · '),
              })),
            ]}
          />
        </Form.Item>
      )}
      <Form.Item
        name="source"
        label={t('record.source')}
        dependencies={['evidence']}
        rules={[{ required: !grounds, whitespace: !grounds, message: t('record.sourceNeeded') }]}
      >
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  )
}
