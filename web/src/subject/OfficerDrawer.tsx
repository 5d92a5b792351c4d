import { Form, Input, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { calls } from './http'
import { useOfficer, usePeople, useSaveOf } from './queries'
import type { Track } from './types'
import { dated } from './words'

interface Entry {
  username: string
  since: string
  reason: string
}

/** OfficerDrawer says who answers for a subject from a day on; who did before stays in sight. */
export function OfficerDrawer({
  track,
  open,
  onClose,
}: {
  track: Track
  open: boolean
  onClose: () => void
}) {
  const { t, lang } = useText()
  const [form] = Form.useForm<Entry>()
  const people = usePeople(track, open)
  const officer = useOfficer(track)
  const save = useSaveOf((entry: Entry) => calls.appoint(track, entry), onClose)
  const history = officer.data?.history ?? []
  return (
    <FormDrawer<Entry>
      title={t(track.officer ? 'track.changeOfficer' : 'track.setOfficer')}
      note={t('track.officerNote')}
      open={open}
      onClose={onClose}
      form={form}
      initial={{ username: officer.data?.username ?? '', since: '', reason: '' }}
      saving={save.isPending}
      error={save.error ?? people.error}
      onSave={(entry) => save.mutate(entry)}
    >
      <Form.Item name="username" label={t('track.officer')}>
        <Select
          loading={people.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            { value: '', label: t('track.nobody') },
            ...(people.data ?? [])
              .filter(({ may, username }) => may || username === officer.data?.username)
              .map(({ username, name, org_name, org_name_en, tenancies, projects }) => ({
                value: username,
                label: t('track.person', {
                  name: name || username,
                  org: nameIn(lang, org_name, org_name_en),
                  count: tenancies + projects,
                }),
              })),
          ]}
        />
      </Form.Item>
      <Form.Item
        name="since"
        label={t('track.from')}
        extra={t('record.dateForm')}
        rules={[{ required: true, pattern: dated, message: t('record.dateForm') }]}
      >
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      {history.length > 0 && (
        <>
          <h3 className="pb-sub-h3">{t('track.officersBefore')}</h3>
          <ul className="pb-sub-list">
            {history.map(({ username, name, since, reason, recorded_at }) => (
              <li key={recorded_at}>
                {name || username || t('track.nobody')}{' '}
                <span className="pb-soft">{t('track.since', { day: day(since, lang) })}</span>
                {reason && <div className="pb-soft">{reason}</div>}
              </li>
            ))}
          </ul>
        </>
      )}
    </FormDrawer>
  )
}
