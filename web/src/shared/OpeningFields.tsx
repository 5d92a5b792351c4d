import { Form, Input, Select } from 'antd'
import { useText } from './i18n'
import { useParks } from './parks'

interface ParkFieldProps {
  /** The parks at and below this unit are offered. */
  org: string | undefined
  required?: boolean
}

/** ParkField asks for a park, as part of a form. */
export function ParkField({ org, required }: ParkFieldProps) {
  const { t } = useText()
  const parks = useParks(org)
  return (
    <Form.Item
      name="park"
      label={t('park.one')}
      rules={required ? [{ required: true, message: t('opening.parkNeeded') }] : []}
      extra={required ? undefined : t('opening.parkHint')}
    >
      <Select
        allowClear={!required}
        showSearch={{ optionFilterProp: 'label' }}
        loading={parks.isPending}
        options={(parks.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Form.Item>
  )
}

/** SourceField asks where something is from; nothing is entered without it. */
export function SourceField({ hint }: { hint: string }) {
  const { t } = useText()
  return (
    <Form.Item
      name="source"
      label={t('opening.source')}
      rules={[{ required: true, whitespace: true, message: t('opening.sourceNeeded') }]}
    >
      <Input maxLength={500} placeholder={hint} />
    </Form.Item>
  )
}
