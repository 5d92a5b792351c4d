import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input, Popconfirm, Select } from 'antd'
import { api, ask, type Schema } from '../shared/api'
import { type Column, DataTable } from '../shared/DataTable'
import { Refusal } from '../shared/FormDrawer'
import { moment } from '../shared/format'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'

type Token = Schema<'Token'>

const lifetimes = [30, 90, 365]

/** TokenPage gives out and takes back the tokens with which programs act for the user. */
export function TokenPage() {
  const { t } = useText()
  return (
    <div className="pb-page">
      <PageHead title={t('page.tokens')} note={t('token.note')} />
      <Issue />
      <Issued />
    </div>
  )
}

function Issue() {
  const { t } = useText()
  const client = useQueryClient()
  const [form] = Form.useForm<{ name: string; days: number }>()
  const issue = useMutation({
    mutationFn: (body: { name: string; days: number }) => ask(api.POST('/api/v1/tokens', { body })),
    onSuccess: () => {
      form.resetFields()
      client.invalidateQueries({ queryKey: ['tokens'] })
    },
  })
  return (
    <Panel title={t('token.issue')}>
      {issue.isError && <Refusal error={issue.error} />}
      {issue.data && (
        <Alert
          type="success"
          showIcon
          role="status"
          style={{ marginBottom: 12 }}
          title={t('token.once')}
          description={<code className="pb-secret">{issue.data.token}</code>}
        />
      )}
      <Form
        form={form}
        layout="inline"
        requiredMark={false}
        initialValues={{ days: 90 }}
        onFinish={(body) => issue.mutate(body)}
      >
        <Form.Item
          name="name"
          label={t('token.name')}
          rules={[{ required: true, whitespace: true, message: t('token.nameNeeded') }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="days" label={t('token.days')}>
          <Select
            options={lifetimes.map((value) => ({ value, label: t('token.dayCount', { count: value }) }))}
            style={{ width: 110 }}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={issue.isPending}>
          {t('token.issue')}
        </Button>
      </Form>
    </Panel>
  )
}

function Issued() {
  const { t, lang } = useText()
  const client = useQueryClient()
  const tokens = useQuery({
    queryKey: ['tokens'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/tokens', { signal }))).items ?? [],
  })
  const revoke = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
  const columns: Column<Token>[] = [
    { key: 'name', title: t('token.name'), heading: true, render: ({ name }) => name },
    {
      key: 'expires',
      title: t('token.expires'),
      render: ({ expires_at }) => <span className="pb-figures">{moment(expires_at, lang)}</span>,
    },
    {
      key: 'revoke',
      title: t('table.deeds'),
      render: ({ id }) => (
        <Popconfirm
          title={t('token.revokeSure')}
          okText={t('token.revoke')}
          cancelText={t('action.cancel')}
          onConfirm={() => revoke.mutate(id)}
        >
          <Button size="small">{t('token.revoke')}</Button>
        </Popconfirm>
      ),
    },
  ]
  return (
    <Panel title={t('token.list')}>
      <Loaded query={tokens} height={160} empty={(items) => items.length === 0} emptyText={t('token.none')}>
        {(items) => (
          <DataTable caption={t('token.list')} columns={columns} items={items} rowKey={({ id }) => id} />
        )}
      </Loaded>
    </Panel>
  )
}
