import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { api, ask, type Schema } from '../shared/api'
import type { Column } from '../shared/DataTable'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { PageTable, usePages } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import { useOrgs } from '../shell/scope'
import { CreateUser } from './CreateUser'
import { EditUser } from './EditUser'
import { GrantRole } from './GrantRole'

export type User = Schema<'User'>

/** UserPage lists the accounts. Making one, granting its role and reading the audit trail are three people's work. */
export function UserPage() {
  const { t } = useText()
  const me = useMe()
  const client = useQueryClient()
  const [form, setForm] = useState<'create' | { edit: User } | { grant: User } | null>(null)
  const users = usePages(['users'], (cursor, signal) =>
    ask(api.GET('/api/v1/users', { params: { query: { cursor: cursor || undefined, limit: 50 } }, signal })),
  )
  const close = () => setForm(null)
  const done = () => {
    client.invalidateQueries({ queryKey: ['users'] })
    close()
  }
  const columns = useColumns((user, deed) => setForm(deed === 'grant' ? { grant: user } : { edit: user }))
  return (
    <div className="pb-page">
      <PageHead title={t('page.users')} note={t('user.note')}>
        {can(me, 'user.create') && (
          <Button type="primary" onClick={() => setForm('create')}>
            {t('user.create')}
          </Button>
        )}
      </PageHead>
      <Panel title={t('user.list')}>
        <PageTable
          caption={t('user.list')}
          query={users}
          columns={columns}
          rowKey={({ id }) => id}
          emptyText={t('user.none')}
        />
      </Panel>
      {form === 'create' && (
        <CreateUser onClose={close} onDone={() => client.invalidateQueries({ queryKey: ['users'] })} />
      )}
      {form !== null && form !== 'create' && 'edit' in form && (
        <EditUser user={form.edit} onClose={close} onDone={done} />
      )}
      {form !== null && form !== 'create' && 'grant' in form && (
        <GrantRole user={form.grant} onClose={close} onDone={done} />
      )}
    </div>
  )
}

function useColumns(onDeed: (user: User, deed: 'edit' | 'grant') => void): Column<User>[] {
  const { t, lang } = useText()
  const me = useMe()
  const business = can(me, 'business.read')
  const orgs = useOrgs(business)
  const place = (id: string | undefined) => {
    const org = orgs.data?.find((known) => known.id === id)
    return org ? nameIn(lang, org.name, org.name_en) : (id ?? '—')
  }
  // While nobody is security administrator the system administrator appoints the first one, so both see the button.
  const mayGrant = can(me, 'user.grant') || can(me, 'user.create')
  return [
    { key: 'username', title: t('login.username'), heading: true, render: ({ username }) => username },
    { key: 'name', title: t('user.name'), render: ({ name }) => name || '—' },
    { key: 'role', title: t('user.role'), render: ({ role }) => t(`role.${role}`, role) },
    { key: 'org', title: t('park.org'), render: ({ org, enterprise }) => enterprise || place(org) },
    { key: 'state', title: t('user.state'), render: (user) => t(`userState.${stateOf(user)}`) },
    {
      key: 'deeds',
      title: t('table.deeds'),
      render: (user) =>
        user.id === me.id ? (
          <span className="pb-soft">{t('user.self')}</span>
        ) : (
          <span className="pb-deeds">
            {(can(me, 'user.edit') || (can(me, 'user.unlock') && user.locked)) && (
              <Button size="small" onClick={() => onDeed(user, 'edit')}>
                {t('user.edit')}
              </Button>
            )}
            {mayGrant && (
              <Button size="small" onClick={() => onDeed(user, 'grant')}>
                {t('user.grant')}
              </Button>
            )}
          </span>
        ),
    },
  ]
}

function stateOf(user: User): 'disabled' | 'locked' | 'fresh' | 'active' {
  if (user.disabled) return 'disabled'
  if (user.locked) return 'locked'
  return user.must_change_password ? 'fresh' : 'active'
}
