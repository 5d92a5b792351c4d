import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Form as AntForm, Input, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { calls, type Differing } from './http'
import { address } from './queries'
import type { Form, Ref } from './types'

const natures = ['record', 'estimate', 'statistics'] as const
type Entry = Omit<Differing, 'month'>

interface DifferingDrawerProps {
  of: Ref
  form: Form
  open: boolean
  onClose: () => void
}

/** DifferingDrawer writes down an office's own figure beside what an enterprise filed, never instead of it. */
export function DifferingDrawer({ of, form, open, onClose }: DifferingDrawerProps) {
  const { t, lang } = useText()
  const client = useQueryClient()
  const [ant] = AntForm.useForm<Entry>()
  const save = useMutation({
    mutationFn: (entry: Entry) => calls.differing(of.subject, { ...entry, month: of.period }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['filing', address(of)] }),
  })
  const asked = (form.items ?? []).filter(({ kind }) => kind === 'quantity')
  const field = AntForm.useWatch('field', ant) ?? asked[0]?.field
  const unit = unitIn(asked.find((item) => item.field === field)?.unit_name)
  return (
    <FormDrawer<Entry>
      title={t('fill.differing')}
      note={t('fill.differingNote')}
      open={open}
      onClose={() => {
        save.reset()
        onClose()
      }}
      form={ant}
      initial={{ field: asked[0]?.field, nature: 'record' }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate(entry)}
    >
      {save.isSuccess && (
        <Alert
          type="success"
          showIcon
          role="status"
          title={t('fill.differingDone')}
          style={{ marginBottom: 14 }}
        />
      )}
      <AntForm.Item name="field" label={t('record.field')}>
        <Select
          options={asked.map((item) => ({ value: item.field, label: nameIn(lang, item.name, item.name_en) }))}
        />
      </AntForm.Item>
      <AntForm.Item
        name="value"
        label={t('record.value')}
        rules={[{ required: true, whitespace: true, message: t('record.valueNeeded') }]}
      >
        <Input inputMode="decimal" suffix={unit} />
      </AntForm.Item>
      <AntForm.Item name="nature" label={t('record.nature')}>
        <Select options={natures.map((value) => ({ value, label: t(`nature.${value}`) }))} />
      </AntForm.Item>
      <AntForm.Item
        name="source"
        label={t('record.source')}
        rules={[{ required: true, whitespace: true, message: t('record.sourceNeeded') }]}
      >
        <Input maxLength={300} />
      </AntForm.Item>
      <AntForm.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} />
      </AntForm.Item>
    </FormDrawer>
  )
}
