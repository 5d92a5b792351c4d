import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Form, Input, InputNumber, Select } from 'antd'
import { api, ask } from '../shared/api'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { ParkField, SourceField } from '../shared/OpeningFields'
import { projectKinds } from './ProjectTable'

interface Entry {
  kind: string
  name: string
  park?: string
  uscc?: string
  /** In 万元. */
  investment?: number | null
  source: string
}

interface OpenProjectProps {
  /** Answers for a project that lies in no park. */
  org: string
  park: string | undefined
  onClose: () => void
}

/** OpenProject enters a project and goes on to its page, where its first stage is entered. */
export function OpenProject({ org, park, onClose }: OpenProjectProps) {
  const { t } = useText()
  const [form] = Form.useForm<Entry>()
  const client = useQueryClient()
  const navigate = useNavigate()
  const open = useMutation({
    mutationFn: ({ kind, name, source, ...rest }: Entry) =>
      ask(
        api.POST('/api/v1/projects', {
          body: {
            kind,
            name: name.trim(),
            source,
            park: rest.park || undefined,
            org: rest.park ? undefined : org,
            uscc: rest.uscc?.trim() || undefined,
            investment: rest.investment == null ? undefined : rest.investment * 10_000,
          },
        }),
      ),
    onSuccess: ({ id }) => {
      void client.invalidateQueries()
      navigate({ to: '/projects/$id', params: { id } })
    },
  })
  return (
    <FormDrawer<Entry>
      open
      title={t('projectOpen.title')}
      note={t('projectOpen.note')}
      onClose={onClose}
      form={form}
      initial={{ kind: 'investment', park }}
      saving={open.isPending}
      error={open.error}
      onSave={(entry) => open.mutate(entry)}
      save={t('opening.save')}
    >
      <Form.Item name="kind" label={t('project.kind')}>
        <Select options={projectKinds.map((value) => ({ value, label: t(`projectKind.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('projectOpen.name')}
        rules={[{ required: true, whitespace: true, message: t('projectOpen.nameNeeded') }]}
      >
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
      <ParkField org={org} />
      <Form.Item name="uscc" label={t('projectOpen.uscc')} extra={t('projectOpen.usccHint')}>
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="investment"
        label={t('projectOpen.investment')}
        extra={t('projectOpen.investmentHint')}
      >
        <InputNumber min={0} max={1_000_000_000} style={{ width: 200 }} />
      </Form.Item>
      <SourceField hint={t('projectOpen.sourceHint')} />
    </FormDrawer>
  )
}
