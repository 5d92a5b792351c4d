import { Form, Input, Select } from 'antd'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import { useOrgs } from '../shell/scope'
import { useUserChange } from './saveUser'
import type { User } from './UserPage'

const roles = [
  'none',
  'system_admin',
  'security_admin',
  'audit_admin',
  'city_office',
  'county_office',
  'park_operator',
  'enterprise',
  'viewer',
] as const

const placed: readonly string[] = ['city_office', 'county_office', 'park_operator', 'viewer']

interface Entry {
  role: string
  org?: string
  enterprise?: string
}

interface GrantRoleProps {
  user: User
  onClose: () => void
  onDone: () => void
}

/** GrantRole gives an account its role and its place; every session of it ends. */
export function GrantRole({ user, onClose, onDone }: GrantRoleProps) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const role = Form.useWatch('role', form) ?? user.role
  const change = useUserChange(user, onDone)
  return (
    <FormDrawer<Entry>
      title={t('user.grantTo', { name: user.username })}
      note={t('user.grantNote')}
      open
      onClose={onClose}
      form={form}
      initial={{ role: user.role, org: user.org, enterprise: user.enterprise }}
      saving={change.isPending}
      error={change.error}
      onSave={(grant) => change.mutate({ grant })}
      save={t('user.grant')}
    >
      <Form.Item name="role" label={t('user.role')}>
        <Select options={roles.map((value) => ({ value, label: t(`role.${value}`) }))} />
      </Form.Item>
      {placed.includes(role) && <Place />}
      {role === 'enterprise' && (
        <Form.Item
          name="enterprise"
          label={t('user.enterprise')}
          rules={[{ required: true, message: t('user.placeNeeded') }]}
        >
          <Input maxLength={40} />
        </Form.Item>
      )}
    </FormDrawer>
  )
}

/** Place picks the unit by name; a security administrator, who cannot read the ledger, writes its code. */
function Place() {
  const { t, lang } = useText()
  const me = useMe()
  const business = can(me, 'business.read')
  const orgs = useOrgs(business)
  return (
    <Form.Item name="org" label={t('park.org')} rules={[{ required: true, message: t('user.placeNeeded') }]}>
      {business ? (
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          options={(orgs.data ?? []).map((org) => ({
            value: org.id,
            label: nameIn(lang, org.name, org.name_en),
          }))}
        />
      ) : (
        <Input maxLength={40} placeholder={t('user.orgCode')} />
      )}
    </Form.Item>
  )
}
