import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Checkbox, Form, Input, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { periodName } from '../shared/format'
import { useText } from '../shared/i18n'
import { close } from './closings'
import type { Closing } from './types'

interface CloseMonthProps {
  periods: string[]
  closed: Closing[]
  onClose: () => void
}

interface Values {
  period: string
  reason: string
  sure: boolean
}

/** CloseMonth freezes a month. It asks for a reason and for a confirmation, because a vintage is never taken back. */
export function CloseMonth({ periods, closed, onClose }: CloseMonthProps) {
  const { t, lang } = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [form] = Form.useForm<Values>()
  const make = useMutation({
    mutationFn: ({ period, reason }: Values) => close({ period, reason }),
    onSuccess: ({ period, no }) => {
      client.invalidateQueries({ queryKey: ['closings'] })
      onClose()
      navigate({ to: '/closings/$period/$no', params: { period, no: String(no) } })
    },
  })
  const vintages = (period: string) => closed.filter((one) => one.period === period).length
  const label = (period: string) =>
    vintages(period) > 0
      ? t('closing.nextVintage', { period: periodName(period, lang), no: vintages(period) + 1 })
      : periodName(period, lang)
  return (
    <FormDrawer<Values>
      title={t('closing.close')}
      note={t('closing.closeNote')}
      open
      onClose={onClose}
      onSave={(values) => make.mutate(values)}
      saving={make.isPending}
      error={make.error}
      form={form}
      initial={{ period: periods[0] }}
      save={t('closing.close')}
    >
      <Form.Item name="period" label={t('closing.month')} rules={[{ required: true }]}>
        <Select options={periods.map((value) => ({ value, label: label(value) }))} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea rows={3} maxLength={500} placeholder={t('closing.reasonHint')} />
      </Form.Item>
      <Form.Item
        name="sure"
        valuePropName="checked"
        rules={[
          { validator: (_, value) => (value ? Promise.resolve() : Promise.reject(t('closing.sureNeeded'))) },
        ]}
      >
        <Checkbox>{t('closing.sure')}</Checkbox>
      </Form.Item>
    </FormDrawer>
  )
}
