import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { Glyph } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import type { Me } from '../shared/types'
import { type RailPage, railGroups } from './pages'

const remembered = 'parkbrain.rail'

function PageLink({ page, onGo }: { page: RailPage; onGo?: () => void }) {
  const { t } = useText()
  return (
    <Link
      to={page.to}
      activeOptions={{ exact: page.to === '/', includeSearch: false }}
      className="pb-rail-link"
      onClick={onGo}
      title={t(page.name)}
    >
      <Glyph name={page.glyph} />
      <span>{t(page.name)}</span>
    </Link>
  )
}

/** offered says whether a page is of any use to somebody. */
function offered(page: RailPage, me: Me): boolean {
  return (!page.needs || can(me, page.needs)) && !(page.offices && me.enterprise)
}

function Groups({ onGo }: { onGo?: () => void }) {
  const { t } = useText()
  const me = useMe()
  return railGroups
    .map((group) => ({ ...group, pages: group.pages.filter((page) => offered(page, me)) }))
    .filter((group) => group.pages.length > 0)
    .map((group) => (
      <div key={group.name} className="pb-rail-group">
        <p>{t(group.name)}</p>
        {group.pages.map((page) => (
          <PageLink key={page.to} page={page} onGo={onGo} />
        ))}
      </div>
    ))
}

/** Rail leads to every page on a wide window; folded it shows symbols only. */
export function Rail() {
  const { t } = useText()
  const [folded, setFolded] = useState(() => localStorage.getItem(remembered) === 'folded')
  function fold() {
    localStorage.setItem(remembered, folded ? 'open' : 'folded')
    setFolded(!folded)
  }
  return (
    <div className={`pb-rail ${folded ? 'folded' : ''}`}>
      <Link to="/" className="pb-brand" activeOptions={{ exact: true }} aria-label={t('app.home')}>
        <img src="/favicon.svg" alt="" width={26} height={26} />
        <span>{t('app.name')}</span>
      </Link>
      <nav aria-label={t('rail.label')}>
        <Groups />
      </nav>
      <button
        type="button"
        className="pb-rail-link pb-rail-fold"
        onClick={fold}
        aria-expanded={!folded}
        title={t(folded ? 'rail.open' : 'rail.fold')}
      >
        <Glyph name="fold" />
        <span>{t(folded ? 'rail.open' : 'rail.fold')}</span>
      </button>
    </div>
  )
}

/** BottomBar leads to the four main pages on a phone, and to the rest through a drawer. */
export function BottomBar() {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const me = useMe()
  const main = railGroups
    .flatMap((group) => group.pages)
    .filter((page) => offered(page, me))
    .slice(0, 4)
  return (
    <>
      <nav className="pb-bottom" aria-label={t('rail.label')}>
        {main.map((page) => (
          <PageLink key={page.to} page={page} />
        ))}
        <button type="button" className="pb-rail-link" onClick={() => setOpen(true)} aria-expanded={open}>
          <Glyph name="more" />
          <span>{t('rail.more')}</span>
        </button>
      </nav>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="bottom"
        size="auto"
        title={t('rail.more')}
      >
        <div className="pb-rail-sheet">
          <Groups onGo={() => setOpen(false)} />
        </div>
      </Drawer>
    </>
  )
}
