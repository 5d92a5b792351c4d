import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { ApiError } from '../shared/api'
import { useText } from '../shared/i18n'
import { useTitle } from '../shared/useTitle'
import { Leave } from '../shell/Leave'
import { Gate } from './Gate'
import { LogoutButton } from './LogoutButton'
import { meQuery, useChangePassword } from './session'

const shortest = 12

interface Entry {
  current: string
  fresh: string
  again: string
}

/** PasswordPage changes the password: of one's own will, or because the present one was given out once. */
export function PasswordPage() {
  const { t } = useText()
  const navigate = useNavigate()
  const me = useQuery(meQuery)
  const change = useChangePassword()
  useTitle(t('password.title'))
  if (me.isError) return <Leave to="/login" />
  const forced = me.data?.must_change_password ?? false

  return (
    <Gate title={t('password.title')}>
      {forced && !change.isError && <Alert type="info" showIcon title={t('password.forced')} />}
      {change.isError && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={change.error instanceof ApiError ? change.error.message : t('state.failed')}
        />
      )}
      <Form<Entry>
        layout="vertical"
        requiredMark={false}
        disabled={change.isPending}
        onFinish={({ current, fresh }) =>
          change.mutate({ current, new: fresh }, { onSuccess: () => navigate({ to: '/' }) })
        }
      >
        <Form.Item
          name="current"
          label={t('password.current')}
          rules={[{ required: true, message: t('password.currentNeeded') }]}
        >
          <Input.Password autoComplete="current-password" size="large" autoFocus />
        </Form.Item>
        <Form.Item
          name="fresh"
          label={t('password.fresh')}
          extra={t('password.rule', { count: shortest })}
          rules={[{ required: true, min: shortest, message: t('password.rule', { count: shortest }) }]}
        >
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('password.again')}
          dependencies={['fresh']}
          rules={[
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                value === getFieldValue('fresh')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('password.differs'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={change.isPending}>
          {t('password.save')}
        </Button>
        {forced ? (
          <LogoutButton link />
        ) : (
          <Button type="link" block onClick={() => navigate({ to: '/' })}>
            {t('action.cancel')}
          </Button>
        )}
      </Form>
    </Gate>
  )
}
