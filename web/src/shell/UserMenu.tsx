import { useNavigate } from '@tanstack/react-router'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { LogoutButton } from '../session/LogoutButton'
import { useMe } from '../session/session'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'

/** UserMenu says who is signed in, for which unit, and lets them out. */
export function UserMenu() {
  const { t, lang } = useText()
  const me = useMe()
  const place = me.org ?? me.city
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const card = (
    <div className="pb-user-card">
      <p>
        <strong>{me.name || me.username}</strong>
        <br />
        {t(`role.${me.role}`)} · {nameIn(lang, place.name, place.name_en)}
      </p>
      <Button block onClick={() => navigate({ to: '/password' })}>
        {t('password.title')}
      </Button>
      <LogoutButton />
      <p className="pb-soft">
        {t('app.version')} {me.version}
      </p>
    </div>
  )
  return (
    <Popover content={card} trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight">
      <Button
        type="text"
        className="pb-top-button"
        icon={<Glyph name="user" />}
        aria-expanded={open}
        aria-label={t('user.menu', { name: me.name || me.username })}
      >
        <span className="pb-wide">{me.name || me.username}</span>
      </Button>
    </Popover>
  )
}
