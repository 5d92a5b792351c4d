import { Form, Input } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import type { Figure, ParkPage } from '../shared/types'
import { written } from './Stated'
import { chooseFigure, useSave } from './save'

interface ChooseFigureProps {
  park: ParkPage
  field: string
  figure: Figure
  open: boolean
  onClose: () => void
}

/** ChooseFigure decides, with a reason, that the city uses this statement and not another. */
export function ChooseFigure({ park, field, figure, open, onClose }: ChooseFigureProps) {
  const { t, lang } = useText()
  const [form] = Form.useForm<{ reason: string }>()
  const save = useSave(chooseFigure(park.id, field), onClose)
  return (
    <FormDrawer<{ reason: string }>
      title={t('choose.title', { field: t(`field.${field}`) })}
      note={t('choose.note', { value: written(figure, lang, ''), source: figure.source })}
      open={open}
      onClose={onClose}
      form={form}
      saving={save.isPending}
      error={save.error}
      onSave={({ reason }) => save.mutate({ figure: figure.id, reason })}
      save={t('figure.use')}
    >
      <Form.Item
        name="reason"
        label={t('choose.reason')}
        rules={[{ required: true, whitespace: true, message: t('choose.reasonNeeded') }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </FormDrawer>
  )
}
