import { Button, Form, Input } from 'antd'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { useUserChange } from './saveUser'
import type { User } from './UserPage'

interface EditUserProps {
  user: User
  onClose: () => void
  onDone: () => void
}

/** EditUser renames an account, takes it out of use or back into it, or opens one that wrong passwords locked. */
export function EditUser({ user, onClose, onDone }: EditUserProps) {
  const { t } = useText()
  const me = useMe()
  const [form] = Form.useForm<{ name: string }>()
  const change = useUserChange(user, onDone)
  return (
    <FormDrawer<{ name: string }>
      title={t('user.editOf', { name: user.username })}
      open
      onClose={onClose}
      form={form}
      initial={{ name: user.name }}
      saving={change.isPending}
      error={change.error}
      onSave={({ name }) => change.mutate({ name })}
      hideSave={!can(me, 'user.edit')}
    >
      {can(me, 'user.edit') && (
        <>
          <Form.Item name="name" label={t('user.name')}>
            <Input maxLength={200} autoComplete="off" />
          </Form.Item>
          <Form.Item extra={t(user.disabled ? 'user.enableNote' : 'user.disableNote')}>
            <Button onClick={() => change.mutate({ disabled: !user.disabled })}>
              {t(user.disabled ? 'user.enable' : 'user.disable')}
            </Button>
          </Form.Item>
        </>
      )}
      {can(me, 'user.unlock') && user.locked && (
        <Form.Item extra={t('user.unlockNote')}>
          <Button onClick={() => change.mutate({ unlock: true })}>{t('user.unlock')}</Button>
        </Form.Item>
      )}
    </FormDrawer>
  )
}
