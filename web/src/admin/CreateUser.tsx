import { useMutation } from '@tanstack/react-query'
import { Alert, Form, Input } from 'antd'
import { api, ask, type Sent } from '../shared/api'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'

type Entry = Sent<'/api/v1/users', 'post'>

/** CreateUser makes an account without a role; its one-time password is shown here and never again. */
export function CreateUser({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const create = useMutation({
    mutationFn: (body: Entry) => ask(api.POST('/api/v1/users', { body })),
    onSuccess: () => {
      form.resetFields()
      onDone()
    },
  })
  return (
    <FormDrawer<Entry>
      title={t('user.create')}
      note={t('user.createNote')}
      open
      onClose={onClose}
      form={form}
      saving={create.isPending}
      error={create.error}
      onSave={(entry) => create.mutate(entry)}
    >
      {create.data && (
        <Alert
          type="success"
          showIcon
          role="status"
          style={{ marginBottom: 14 }}
          title={t('user.created', { name: create.data.user.username })}
          description={<code className="pb-secret">{create.data.password}</code>}
        />
      )}
      <Form.Item
        name="username"
        label={t('login.username')}
        rules={[{ required: true, whitespace: true, message: t('login.usernameNeeded') }]}
      >
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('user.name')}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  )
}
