import { useRouter, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { ApiError } from '../shared/api'
import { useText } from '../shared/i18n'
import { useTitle } from '../shared/useTitle'
import { Gate } from './Gate'
import { useLogin } from './session'

interface Entry {
  username: string
  password: string
}

export function LoginPage() {
  const { t } = useText()
  const login = useLogin()
  const { history } = useRouter()
  const search = useSearch({ strict: false })
  useTitle(t('login.title'))

  function enter(entry: Entry) {
    login.mutate(entry, {
      onSuccess: (me) => history.push(me.must_change_password ? '/password' : safeNext(search.next)),
    })
  }

  return (
    <Gate title={t('login.title')}>
      {search.expired && !login.isError && <Alert type="info" showIcon title={t('login.expired')} />}
      {login.isError && <Alert type="error" showIcon title={reason(login.error, t)} role="alert" />}
      <Form<Entry> layout="vertical" requiredMark={false} onFinish={enter} disabled={login.isPending}>
        <Form.Item
          name="username"
          label={t('login.username')}
          rules={[{ required: true, message: t('login.usernameNeeded') }]}
        >
          <Input autoComplete="username" autoFocus size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('login.password')}
          rules={[{ required: true, message: t('login.passwordNeeded') }]}
        >
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={login.isPending}>
          {t('login.enter')}
        </Button>
      </Form>
    </Gate>
  )
}

function reason(error: unknown, t: (key: string) => string): string {
  return error instanceof ApiError ? error.message : t('state.failed')
}

/** safeNext accepts only a path of this application as the place to return to. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/'
}
