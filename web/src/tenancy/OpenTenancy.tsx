import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Checkbox, Form, Input, InputNumber } from 'antd'
import { api, ask } from '../shared/api'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { ParkField, SourceField } from '../shared/OpeningFields'

interface Entry {
  park: string
  uscc: string
  name?: string
  industry?: string
  area?: number | null
  relocated?: boolean
  source: string
}

interface OpenTenancyProps {
  org: string | undefined
  park: string | undefined
  onClose: () => void
}

/** OpenTenancy enters who comes into a park and goes on to its page, where its first stage is entered. */
export function OpenTenancy({ org, park, onClose }: OpenTenancyProps) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const client = useQueryClient()
  const navigate = useNavigate()
  const open = useMutation({
    mutationFn: ({ area, name, industry, ...rest }: Entry) =>
      ask(
        api.POST('/api/v1/tenancies', {
          body: {
            ...rest,
            uscc: rest.uscc.trim(),
            name: name?.trim() || undefined,
            industry: industry?.trim() || undefined,
            area_m2: area ?? undefined,
          },
        }),
      ),
    onSuccess: ({ id }) => {
      void client.invalidateQueries()
      navigate({ to: '/tenancies/$id', params: { id } })
    },
  })
  return (
    <FormDrawer<Entry>
      open
      title={t('tenancyOpen.title')}
      note={t('tenancyOpen.note')}
      onClose={onClose}
      form={form}
      initial={{ park }}
      saving={open.isPending}
      error={open.error}
      onSave={(entry) => open.mutate(entry)}
      save={t('opening.save')}
    >
      <ParkField org={org} required />
      <Form.Item
        name="uscc"
        label={t('enterprise.uscc')}
        rules={[{ required: true, whitespace: true, message: t('tenancyOpen.usccNeeded') }]}
      >
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('enterprise.name')} extra={t('tenancyOpen.nameHint')}>
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
      <Form.Item name="industry" label={t('tenancyOpen.industry')} extra={t('tenancyOpen.industryHint')}>
        <Input maxLength={10} autoComplete="off" />
      </Form.Item>
      <Form.Item name="area" label={t('tenancyOpen.area')} extra={t('tenancyOpen.areaHint')}>
        <InputNumber min={0} precision={0} style={{ width: 200 }} />
      </Form.Item>
      <Form.Item name="relocated" valuePropName="checked">
        <Checkbox>{t('tenancyOpen.relocated')}</Checkbox>
      </Form.Item>
      <SourceField hint={t('tenancyOpen.sourceHint')} />
    </FormDrawer>
  )
}
