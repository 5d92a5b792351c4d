import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '../shared/api'
import { nameIn, useText } from '../shared/i18n'
import { useParks } from '../shared/parks'
import { useOrgs, useScope } from '../shell/scope'
import type { FormHead } from './types'

interface SubjectSelectProps {
  form: FormHead
  value: string | undefined
  onChange: (subject: string | undefined) => void
}

/** SubjectSelect chooses for whom a file is. A form of single rows may leave it open: each row then names its own subject. */
export function SubjectSelect({ form, value, onChange }: SubjectSelectProps) {
  const { t, lang } = useText()
  const { org } = useScope()
  const [sought, setSought] = useState('')
  const orgs = useOrgs(form.subject === 'org')
  const parks = useParks(org, form.subject === 'park')
  const enterprises = useQuery({
    queryKey: ['enterprises', 'sought', org, sought],
    queryFn: async ({ signal }) =>
      (
        await ask(
          api.GET('/api/v1/enterprises', {
            params: { query: { org, q: sought || undefined, limit: 50 } },
            signal,
          }),
        )
      ).items ?? [],
    enabled: form.subject === 'enterprise',
  })
  const known =
    form.subject === 'org'
      ? (orgs.data ?? []).map((one) => ({ value: one.id, label: nameIn(lang, one.name, one.name_en) }))
      : ((form.subject === 'park' ? parks.data : enterprises.data) ?? []).map(({ id, name }) => ({
          value: id,
          label: name,
        }))
  return (
    <Select
      aria-label={t('intake.subject')}
      value={value ?? ''}
      onChange={(next) => onChange(next || undefined)}
      showSearch={
        form.subject === 'enterprise'
          ? { filterOption: false, onSearch: setSought }
          : { optionFilterProp: 'label' }
      }
      options={form.list ? known : [{ value: '', label: t('intake.everyRow') }, ...known]}
      placeholder={t('intake.choose')}
      style={{ width: 260 }}
    />
  )
}
