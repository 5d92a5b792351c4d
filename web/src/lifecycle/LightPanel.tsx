import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { api, ask } from '../shared/api'
import { type Column, DataTable } from '../shared/DataTable'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import type { components } from '../shared/openapi'
import { Loaded, Panel } from '../shared/Panel'
import { SourceText } from '../shared/SourceText'

type Template = components['schemas']['LightTemplate']

/** LightPanel (红黄绿灯) lists the published rules for lights, says which one the city uses, and lets the city office choose. */
export function LightPanel() {
  const { t, lang } = useText()
  const me = useMe()
  const [choosing, setChoosing] = useState<Template>()
  const lights = useQuery({
    queryKey: ['lights'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/lights', { signal })),
  })
  const chosen = lights.data?.chosen
  const columns: Column<Template>[] = [
    {
      key: 'place',
      title: t('lightRule.place'),
      heading: true,
      render: ({ code, place, place_en }) => (
        <>
          {nameIn(lang, place, place_en)} {code === chosen && <b>{t('lightRule.inUse')}</b>}
        </>
      ),
    },
    {
      key: 'rules',
      title: t('lightRule.rules'),
      render: ({ rules }) =>
        rules?.map((rule) => (
          <div key={rule.code}>
            {nameIn(lang, rule.name, rule.name_en)}
            {!rule.fed && (
              <span className="pb-soft">
                {' '}
                {t('lightRule.missing', {
                  facts: rule.missing
                    ?.map((fact) => nameIn(lang, fact.name, fact.name_en))
                    .join(t('lightRule.and')),
                })}
              </span>
            )}
          </div>
        )),
    },
    { key: 'source', title: t('lightRule.source'), render: ({ source }) => <SourceText text={source} /> },
    {
      key: 'choose',
      title: t('lightRule.choice'),
      render: (template) =>
        template.code !== chosen && can(me, 'lifecycle.edit') && template.rules?.some(({ fed }) => fed) ? (
          <Button size="small" onClick={() => setChoosing(template)}>
            {t('lightRule.use')}
          </Button>
        ) : (
          '—'
        ),
    },
  ]
  return (
    <Panel title={t('lightRule.title')} note={t('lightRule.note')}>
      <Loaded query={lights} height={240} empty={({ templates }) => !templates?.length}>
        {({ templates }) => (
          <DataTable
            caption={t('lightRule.title')}
            columns={columns}
            items={templates ?? []}
            rowKey={({ code }) => code}
          />
        )}
      </Loaded>
      {choosing && <ChooseLights template={choosing} onClose={() => setChoosing(undefined)} />}
    </Panel>
  )
}

function ChooseLights({ template, onClose }: { template: Template; onClose: () => void }) {
  const { t, lang } = useText()
  const [form] = Form.useForm<{ reason: string }>()
  const client = useQueryClient()
  const choose = useMutation({
    mutationFn: (reason: string) =>
      ask(api.PUT('/api/v1/lights/choice', { body: { template: template.code, reason } })),
    onSuccess: async () => {
      await client.invalidateQueries()
      onClose()
    },
  })
  return (
    <FormDrawer<{ reason: string }>
      open
      title={t('lightRule.choose', { place: nameIn(lang, template.place, template.place_en) })}
      note={t('lightRule.chooseNote')}
      onClose={onClose}
      form={form}
      saving={choose.isPending}
      error={choose.error}
      onSave={({ reason }) => choose.mutate(reason.trim())}
    >
      <Form.Item
        name="reason"
        label={t('lightRule.reason')}
        rules={[{ required: true, whitespace: true, message: t('lightRule.reasonNeeded') }]}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} />
      </Form.Item>
    </FormDrawer>
  )
}
