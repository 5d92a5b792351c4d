import type { ReactNode } from 'react'
import { useText } from '../shared/i18n'
import { LanguageSwitch } from '../shell/LanguageSwitch'
import './gate.css'

/** Gate is the frame of the two pages that stand outside the shell: sign in and change password. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useText()
  return (
    <div className="pb-gate">
      <header>
        <img src="/favicon.svg" alt="" width={28} height={28} />
        <span>{t('app.name')}</span>
        <LanguageSwitch />
      </header>
      <main>
        <h1>{title}</h1>
        {children}
      </main>
      <p className="pb-gate-foot">{t('app.tagline')}</p>
    </div>
  )
}
