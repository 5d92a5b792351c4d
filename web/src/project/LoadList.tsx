import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '../shared/api'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import { useOrgs } from '../shell/scope'

/** Kinds of projects whose days a project list holds. */
const loadable = ['investment', 'construction', 'retrofit', 'planning'] as const

interface Choice {
  lifecycle: (typeof loadable)[number]
}

/** LoadList makes projects of the rows that an office filed in its project list: first it says what would happen. */
export function LoadList({ org, onClose }: { org: string; onClose: () => void }) {
  const { t, lang } = useText()
  const [form] = Form.useForm<Choice>()
  const [tried, setTried] = useState<string>()
  const client = useQueryClient()
  const place = useOrgs().data?.find(({ id }) => id === org)
  const name = place ? nameIn(lang, place.name, place.name_en) : org
  const load = useMutation({
    mutationFn: ({ lifecycle, dry }: Choice & { dry: boolean }) =>
      ask(api.POST('/api/v1/projects/load', { body: { org, lifecycle, dry } })),
    onSuccess: (_, { lifecycle, dry }) => {
      setTried(dry ? lifecycle : undefined)
      if (!dry) void client.invalidateQueries()
    },
  })
  const report = load.data
  const done = report && !tried
  return (
    <FormDrawer<Choice>
      open
      title={t('projectLoad.title', { name })}
      note={t('projectLoad.note')}
      onClose={onClose}
      form={form}
      initial={{ lifecycle: 'investment' }}
      saving={load.isPending}
      error={load.error}
      hideSave
      onSave={(choice) => load.mutate({ ...choice, dry: choice.lifecycle !== tried })}
    >
      <Form.Item name="lifecycle" label={t('project.kind')}>
        <Select
          onChange={() => setTried(undefined)}
          options={loadable.map((value) => ({ value, label: t(`projectKind.${value}`) }))}
        />
      </Form.Item>
      {report && (
        <Alert
          style={{ marginBottom: 14 }}
          type={report.bad?.length ? 'warning' : 'info'}
          showIcon
          title={t(done ? 'projectLoad.done' : 'projectLoad.would', {
            fresh: report.new,
            changed: report.changed,
            same: report.unchanged,
          })}
          description={report.bad?.slice(0, 20).map((bad) => (
            <div key={`${bad.row}/${bad.key}/${bad.message}`}>
              {bad.row ? t('projectLoad.row', { row: bad.row }) : bad.key} {bad.message}
            </div>
          ))}
        />
      )}
      <p>
        {done ? (
          <Button onClick={onClose}>{t('projectLoad.close')}</Button>
        ) : (
          <Button type="primary" htmlType="submit" loading={load.isPending}>
            {t(tried ? 'projectLoad.load' : 'projectLoad.try')}
          </Button>
        )}
      </p>
    </FormDrawer>
  )
}
