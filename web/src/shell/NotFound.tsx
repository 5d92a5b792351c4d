import { Link } from '@tanstack/react-router'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Empty } from '../shared/states'

export function NotFound() {
  const { t } = useText()
  return (
    <main id="main" className="pb-page">
      <PageHead title={t('state.noPage')} />
      <Empty title={t('state.noPage')} action={<Link to="/">{t('app.home')}</Link>} />
    </main>
  )
}
