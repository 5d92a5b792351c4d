import { Form, Input, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { calls } from './http'
import { useSaveOf } from './queries'
import type { Land, Track } from './types'

interface Entry {
  land?: string
  unit: string
  source: string
}

/** LandDrawer records the land that promises per mu are taken of; without one it is the share by floor area. */
export function LandDrawer({ track, land, onClose }: { track: Track; land: Land; onClose: () => void }) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const save = useSaveOf(
    ({ land = '', unit, source }: Entry) => calls.land(track, { land: land.trim(), unit, source }),
    onClose,
  )
  return (
    <FormDrawer<Entry>
      open
      title={t('promise.landRecord')}
      note={t('promise.landNote')}
      onClose={onClose}
      form={form}
      initial={{ unit: '亩', source: land.how === 'stated' ? land.source : '' }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate(entry)}
    >
      <div className="pb-sub-two">
        <Form.Item
          name="land"
          label={t('promise.land')}
          extra={t('promise.landEmpty')}
          rules={[{ pattern: /^\d[\d,]*(\.\d+)?$/, message: t('promise.plainNumber') }]}
        >
          <Input inputMode="decimal" autoComplete="off" />
        </Form.Item>
        <Form.Item name="unit" label={t('record.unit')}>
          <Select
            options={['亩', '公顷', 'm2'].map((value) => ({ value, label: t(`unitName.${value}`, value) }))}
          />
        </Form.Item>
      </div>
      <Form.Item
        name="source"
        label={t('record.source')}
        rules={[{ required: true, whitespace: true, message: t('record.sourceNeeded') }]}
      >
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  )
}
