import { useEffect } from 'react'
import { useText } from './i18n'

/** useTitle names the page in the browser's tab and history. */
export function useTitle(title: string | undefined) {
  const { t } = useText()
  useEffect(() => {
    document.title = title ? `${title} · ${t('app.name')}` : t('app.name')
  }, [title, t])
}
