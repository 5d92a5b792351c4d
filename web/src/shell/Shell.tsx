import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation } from '@tanstack/react-router'
import { Suspense, useEffect, useRef } from 'react'
import { can } from '../session/can'
import { meQuery, useMe } from '../session/session'
import { ApiError } from '../shared/api'
import { useText } from '../shared/i18n'
import { Boundary, Failure, Loading } from '../shared/states'
import type { Me } from '../shared/types'
import { useNarrow } from '../shared/useNarrow'
import { AreaSwitch } from './AreaSwitch'
import { LanguageSwitch } from './LanguageSwitch'
import { Leave } from './Leave'
import { PeriodSwitch } from './PeriodSwitch'
import { BottomBar, Rail } from './Rail'
import { Search } from './Search'
import { UserMenu } from './UserMenu'
import './shell.css'

/** Shell surrounds every page of a signed-in user: rail, top bar, content. */
export function Shell() {
  const { data: me, error, refetch } = useQuery(meQuery)
  const { href, pathname } = useLocation()
  if (error instanceof ApiError && error.status === 401) return <Leave to="/login" next={href} />
  if (error instanceof ApiError && error.key === 'auth.must_change_password') return <Leave to="/password" />
  if (error && !me) return <Failure error={error} onRetry={refetch} />
  if (!me)
    return (
      <div className="pb-shell-loading">
        <Loading height={320} />
      </div>
    )
  if (me.must_change_password) return <Leave to="/password" />
  if (!can(me, 'business.read') && pathname === '/') return <Leave to={deskOf(me)} />
  return <Frame />
}

/** deskOf is where somebody begins who may not read the ledger. */
function deskOf(me: Me): '/users' | '/audit' | '/tokens' {
  if (can(me, 'user.read')) return '/users'
  return can(me, 'audit.read') ? '/audit' : '/tokens'
}

function Frame() {
  const { t } = useText()
  const narrow = useNarrow()
  const business = can(useMe(), 'business.read')
  const { pathname } = useLocation()
  const main = useMainFocus(pathname)
  return (
    <div className="pb-shell">
      <a className="pb-skip" href="#main">
        {t('app.skip')}
      </a>
      {!narrow && <Rail />}
      <div className="pb-body">
        <header className="pb-top">
          {business && <AreaSwitch />}
          {business && pathname === '/' && <PeriodSwitch />}
          <div className="pb-top-right">
            {business && <Search />}
            <LanguageSwitch />
            <UserMenu />
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1}>
          <Boundary key={pathname} fallback={(error, reset) => <Failure error={error} onRetry={reset} />}>
            <Suspense fallback={<Loading height={480} />}>
              <Outlet />
            </Suspense>
          </Boundary>
        </main>
      </div>
      {narrow && <BottomBar />}
    </div>
  )
}

/** useMainFocus puts the focus on the content after a change of page, as a full page load would. */
function useMainFocus(pathname: string) {
  const main = useRef<HTMLElement>(null)
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}
