import { Form, Input, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import type { ParkPage } from '../shared/types'
import { fields, unitsOf } from './fields'
import { recordFigure, useSave } from './save'

const natures = ['declared', 'record', 'statistics', 'estimate'] as const
interface Entry {
  field: string
  text: string
  unit?: string
  nature: (typeof natures)[number]
  source: string
  as_of?: string
}

const dated = /^\d{4}(-\d{2}(-\d{2})?)?$/

/** RecordFigure writes down what a source states of the park; an earlier statement stays in sight. */
export function RecordFigure({
  park,
  open,
  onClose,
}: {
  park: ParkPage
  open: boolean
  onClose: () => void
}) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const field = Form.useWatch('field', form) ?? fields[0]
  const save = useSave(recordFigure(park.id), onClose)
  const units = unitsOf(field)
  return (
    <FormDrawer<Entry>
      title={t('park.record')}
      note={t('record.note')}
      open={open}
      onClose={onClose}
      form={form}
      initial={{ field: fields[0], nature: 'declared', unit: unitsOf(fields[0])[0] }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate({ ...entry, unit: entry.unit ?? '' })}
    >
      <Form.Item name="field" label={t('record.field')}>
        <Select
          options={fields.map((value) => ({ value, label: t(`field.${value}`) }))}
          onChange={(next: string) => form.setFieldValue('unit', unitsOf(next)[0])}
        />
      </Form.Item>
      <Form.Item
        name="text"
        label={t('record.value')}
        extra={units.length === 0 ? t('record.dateForm') : undefined}
        rules={[{ required: true, whitespace: true, message: t('record.valueNeeded') }]}
      >
        <Input inputMode={units.length > 0 ? 'decimal' : undefined} />
      </Form.Item>
      {units.length > 0 && (
        <Form.Item name="unit" label={t('record.unit')}>
          <Select options={units.map((value) => ({ value, label: t(`unitName.${value}`, value) }))} />
        </Form.Item>
      )}
      <Form.Item name="nature" label={t('record.nature')}>
        <Select options={natures.map((value) => ({ value, label: t(`nature.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="source"
        label={t('record.source')}
        rules={[{ required: true, whitespace: true, message: t('record.sourceNeeded') }]}
      >
        <Input maxLength={300} />
      </Form.Item>
      <Form.Item
        name="as_of"
        label={t('record.asOf')}
        extra={t('record.dateForm')}
        rules={[{ pattern: dated, message: t('record.dateForm') }]}
      >
        <Input />
      </Form.Item>
    </FormDrawer>
  )
}
