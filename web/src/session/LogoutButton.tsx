import { Alert, Button } from 'antd'
import { useText } from '../shared/i18n'
import { useLogout } from './session'

/** LogoutButton ends the session. Where that fails it says so: nobody shall walk away from a screen that is still open. */
export function LogoutButton({ link }: { link?: boolean }) {
  const { t } = useText()
  const logout = useLogout()
  return (
    <>
      {logout.isError && (
        <Alert type="error" role="alert" title={t('user.stillIn')} description={logout.error.message} />
      )}
      <Button
        type={link ? 'link' : 'default'}
        block
        loading={logout.isPending || logout.isSuccess}
        onClick={() => logout.mutate()}
      >
        {t('user.logout')}
      </Button>
    </>
  )
}
