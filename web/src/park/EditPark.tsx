import { Form, Input } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import type { ParkPage } from '../shared/types'
import { editPark, useSave } from './save'

interface Entry {
  name: string
  mode: string
  developer: string
  leading_industry: string
}

/** EditPark changes the park's own texts; it fails when somebody else changed them in the meantime. */
export function EditPark({ park, open, onClose }: { park: ParkPage; open: boolean; onClose: () => void }) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const save = useSave(editPark(park.id, park.version), onClose)
  return (
    <FormDrawer<Entry>
      title={t('park.edit')}
      open={open}
      onClose={onClose}
      form={form}
      initial={{
        name: park.name,
        mode: park.mode ?? '',
        developer: park.developer ?? '',
        leading_industry: park.leading_industry ?? '',
      }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate(entry)}
    >
      <Form.Item
        name="name"
        label={t('park.name')}
        rules={[{ required: true, whitespace: true, message: t('park.nameNeeded') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="mode" label={t('park.mode')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="developer" label={t('park.developer')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="leading_industry" label={t('park.industry')}>
        <Input maxLength={500} />
      </Form.Item>
    </FormDrawer>
  )
}
