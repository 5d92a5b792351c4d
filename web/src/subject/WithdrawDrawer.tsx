import { Form, Input } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { calls } from './http'
import { useSaveOf } from './queries'
import type { Evidence } from './types'

/** WithdrawDrawer takes a piece of evidence out of what counts; it stays in sight with the reason. */
export function WithdrawDrawer({ item, onClose }: { item: Evidence; onClose: () => void }) {
  const { t } = useText()
  const [form] = Form.useForm<{ reason: string }>()
  const save = useSaveOf(({ reason }: { reason: string }) => calls.withdraw(item.id, reason), onClose)
  return (
    <FormDrawer<{ reason: string }>
      open
      title={t('evidence.withdrawOf', { title: item.title })}
      note={t('evidence.withdrawNote')}
      onClose={onClose}
      form={form}
      saving={save.isPending}
      error={save.error}
      save={t('evidence.withdraw')}
      onSave={(entry) => save.mutate(entry)}
    >
      <Form.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} />
      </Form.Item>
    </FormDrawer>
  )
}
