import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useMe } from '../session/session'
import type { Column } from '../shared/DataTable'
import { FormDrawer } from '../shared/FormDrawer'
import { moment, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { PageTable } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import { useOrgs } from '../shell/scope'
import { useAllowed } from '../subject/useAllowed'
import { type NewReview, useFreeze, useReviews } from './http'
import type { Head } from './types'
import { quartersBetween } from './view'
import './quarter.css'

/** QuarterReviewsPage (拉练评议) lists the reviews of quarters; the city office freezes another. */
export function QuarterReviewsPage() {
  const { t, lang } = useText()
  const { org } = useSearch({ strict: false })
  const reviews = useReviews({ org })
  const allowed = useAllowed('review.make')
  const [making, setMaking] = useState(false)
  const columns: Column<Head>[] = [
    {
      key: 'title',
      title: t('quarter.name'),
      heading: true,
      render: ({ id, title }) => (
        <Link to="/quarter-reviews/$id" params={{ id }}>
          {title}
        </Link>
      ),
    },
    {
      key: 'org',
      title: t('quarter.office'),
      nowrap: true,
      render: ({ org_name, org_name_en }) => nameIn(lang, org_name, org_name_en),
    },
    {
      key: 'quarter',
      title: t('quarter.quarter'),
      nowrap: true,
      render: ({ quarter }) => periodName(quarter, lang),
    },
    { key: 'at', title: t('quarter.at'), nowrap: true, render: ({ at }) => moment(at, lang) },
    { key: 'actor', title: t('quarter.actor'), render: ({ actor }) => actor },
    {
      key: 'digest',
      title: t('quarter.digest'),
      wideOnly: true,
      render: ({ digest }) => (
        <code className="pb-quart-digest" title={digest}>
          {digest.slice(0, 12)}
        </code>
      ),
    },
  ]
  return (
    <div className="pb-page">
      <PageHead title={t('quarter.title')} note={t('quarter.note')}>
        {allowed && (
          <Button type="primary" onClick={() => setMaking(true)}>
            {t('quarter.make')}
          </Button>
        )}
      </PageHead>
      <Panel title={t('quarter.list')}>
        <PageTable
          caption={t('quarter.list')}
          query={reviews}
          columns={columns}
          rowKey={({ id }) => id}
          height={240}
          emptyText={t('quarter.none')}
          emptyDetail={t('quarter.noneWhy')}
        />
      </Panel>
      {making && <Make onClose={() => setMaking(false)} />}
    </div>
  )
}

/** Make freezes an office's numbers. They are taken as they stand now, whichever quarter they are about. */
function Make({ onClose }: { onClose: () => void }) {
  const { t, lang } = useText()
  const me = useMe()
  const navigate = useNavigate()
  const [form] = Form.useForm<NewReview>()
  const orgs = useOrgs()
  const offices = (orgs.data ?? []).filter(({ kind }) => kind === 'city' || kind === 'county')
  const quarters = quartersBetween(me.first_period, me.last_period)
  const freeze = useFreeze(({ id }) => navigate({ to: '/quarter-reviews/$id', params: { id } }))
  const nameOf = (id: string) => {
    const office = offices.find((one) => one.id === id)
    return office ? nameIn(lang, office.name, office.name_en) : ''
  }
  return (
    <FormDrawer<NewReview>
      open
      title={t('quarter.make')}
      note={t('quarter.makeNote')}
      onClose={onClose}
      form={form}
      initial={{ org: me.org?.id ?? me.city.id, quarter: quarters[0] }}
      saving={freeze.isPending}
      error={freeze.error}
      save={t('quarter.freeze')}
      onSave={({ org, quarter, title }) =>
        freeze.mutate({
          org,
          quarter,
          title:
            title?.trim() ||
            t('quarter.defaultTitle', { office: nameOf(org), quarter: periodName(quarter, lang) }),
        })
      }
    >
      <Form.Item name="org" label={t('quarter.office')} rules={[{ required: true }]}>
        <Select
          loading={orgs.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={offices.map(({ id, name, name_en }) => ({
            value: id,
            label: nameIn(lang, name, name_en),
          }))}
        />
      </Form.Item>
      <Form.Item name="quarter" label={t('quarter.quarter')} rules={[{ required: true }]}>
        <Select options={quarters.map((value) => ({ value, label: periodName(value, lang) }))} />
      </Form.Item>
      <Form.Item name="title" label={t('quarter.name')} extra={t('quarter.titleNote')}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </FormDrawer>
  )
}
