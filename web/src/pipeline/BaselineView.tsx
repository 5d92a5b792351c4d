import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Button, Form, Input, Segmented, Select } from 'antd'
import { type Column, DataTable } from '../shared/DataTable'
import { Refusal } from '../shared/FormDrawer'
import { day, moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { useSetSearch } from '../shell/scope'
import { Filters } from './Filters'
import { calls } from './http'
import { Slip, SubjectLink } from './parts'
import { useMoves } from './queries'
import type { Baseline, Filter, Lifecycle, Slippage, SlippageGroup, SlippageRow } from './types'

const splits = ['county', 'stage', 'officer', 'subject'] as const
type Split = (typeof splits)[number]

interface BaselineViewProps {
  filter: Filter
  lifecycles: Lifecycle[]
  title: string
}

/** BaselineView (基准计划) keeps the plans of a moment under a name and says how the plans of two moments differ. */
export function BaselineView({ filter, lifecycles, title }: BaselineViewProps) {
  const { t } = useText()
  const baselines = useQuery({
    queryKey: ['pipeline', 'baselines', filter.org],
    queryFn: async ({ signal }) => (await calls.baselines(filter.org, signal)).items ?? [],
  })
  return (
    <div className="pb-column">
      <Compare filter={filter} lifecycles={lifecycles} title={title} baselines={baselines.data ?? []} />
      <Panel title={t('baseline.list')} note={t('baseline.note')}>
        <Freeze org={filter.org} />
        <Loaded
          query={baselines}
          height={160}
          empty={(items) => items.length === 0}
          emptyText={t('baseline.none')}
        >
          {(items) => <Baselines items={items} />}
        </Loaded>
      </Panel>
    </div>
  )
}

function Freeze({ org }: { org: string | undefined }) {
  const { t } = useText()
  const moves = useMoves()
  const client = useQueryClient()
  const [form] = Form.useForm<{ name: string; moment?: string }>()
  const freeze = useMutation({
    mutationFn: calls.freeze,
    onSuccess: () => {
      form.resetFields()
      client.invalidateQueries({ queryKey: ['pipeline', 'baselines'] })
    },
  })
  if (!moves) return null
  return (
    <>
      {freeze.isError && <Refusal error={freeze.error} />}
      <Form
        form={form}
        layout="inline"
        className="pb-pipe-freeze"
        requiredMark={false}
        disabled={freeze.isPending}
        onFinish={({ name, moment }) =>
          freeze.mutate({ name: name.trim(), moment: moment || undefined, org })
        }
      >
        <Form.Item
          name="name"
          label={t('baseline.name')}
          rules={[{ required: true, whitespace: true, message: t('baseline.nameNeeded') }]}
        >
          <Input maxLength={80} placeholder={t('baseline.nameHint')} />
        </Form.Item>
        <Form.Item name="moment" label={t('baseline.day')} extra={t('baseline.dayHint')}>
          <Input type="date" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={freeze.isPending}>
          {t('baseline.save')}
        </Button>
      </Form>
    </>
  )
}

function Baselines({ items }: { items: Baseline[] }) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  const columns: Column<Baseline>[] = [
    { key: 'name', title: t('baseline.name'), heading: true, render: ({ name }) => name },
    { key: 'moment', title: t('baseline.moment'), nowrap: true, render: (item) => moment(item.moment, lang) },
    { key: 'actor', title: t('baseline.by'), render: ({ actor }) => actor },
    { key: 'at', title: t('baseline.at'), nowrap: true, render: ({ at }) => moment(at, lang) },
    {
      key: 'deed',
      title: t('table.deeds'),
      render: ({ id }) => (
        <button type="button" className="pb-cell" onClick={() => setSearch({ a: id, b: undefined })}>
          {t('baseline.withNow')}
        </button>
      ),
    },
  ]
  return <DataTable caption={t('baseline.list')} columns={columns} items={items} rowKey={({ id }) => id} />
}

interface CompareProps extends BaselineViewProps {
  baselines: Baseline[]
}

function Compare({ filter, lifecycles, title, baselines }: CompareProps) {
  const { t, lang } = useText()
  const { by: wanted, a: from, b: to = 'now' } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const by = splits.find((known) => known === wanted) ?? 'county'
  const a = from ?? baselines[0]?.id
  const { kind, lifecycle, org, park } = filter
  const query = { kind, lifecycle, org, park, a, b: to, by }
  const slippage = useQuery({
    enabled: a !== undefined,
    queryKey: ['pipeline', 'slippage', query],
    queryFn: ({ signal }) => calls.slippage(query, signal),
  })
  return (
    <Panel
      title={title}
      note={
        slippage.data &&
        t('baseline.between', {
          a: momentOf(slippage.data.a, lang),
          b: momentOf(slippage.data.b, lang),
        })
      }
    >
      <Filters lifecycles={lifecycles} filter={filter} stages={false} bare />
      <div className="pb-filters pb-pipe-filters">
        <MomentSelect
          label={t('baseline.a')}
          value={a}
          items={baselines}
          onChange={(next) => setSearch({ a: next })}
        />
        <MomentSelect
          label={t('baseline.b')}
          value={to}
          items={baselines}
          onChange={(next) => setSearch({ b: next })}
        />
        <Segmented<Split>
          aria-label={t('pipeline.group')}
          value={by}
          onChange={(next) => setSearch({ by: next })}
          options={splits.map((value) => ({ value, label: t(`baselineBy.${value}`) }))}
        />
      </div>
      {a === undefined ? (
        <Empty title={t('baseline.choose')} detail={t('baseline.chooseWhy')} />
      ) : (
        <Loaded query={slippage} height={280}>
          {(slippage) => (
            <>
              {by === 'subject' ? <Rows slippage={slippage} /> : <Groups slippage={slippage} by={by} />}
              {slippage.more > 0 && <p className="pb-soft">{t('baseline.more', { count: slippage.more })}</p>}
            </>
          )}
        </Loaded>
      )}
    </Panel>
  )
}

function momentOf({ name, moment: at }: { name: string; moment: string }, lang: 'zh-CN' | 'en'): string {
  const when = at.length > 10 ? moment(at, lang) : day(at, lang)
  return name ? `${name} ${when}` : when
}

interface MomentSelectProps {
  label: string
  value: string | undefined
  items: Baseline[]
  onChange: (value: string) => void
}

/** MomentSelect names one side of a comparison: a baseline, a day, or now. */
function MomentSelect({ label, value, items, onChange }: MomentSelectProps) {
  const { t } = useText()
  const dated = /^\d{4}-\d{2}-\d{2}$/.test(value ?? '')
  return (
    <span className="pb-pipe-moment">
      <Select
        aria-label={label}
        prefix={label}
        value={dated ? 'day' : value}
        onChange={(next) => onChange(next === 'day' ? new Date().toISOString().slice(0, 10) : next)}
        options={[
          { value: 'now', label: t('baseline.now') },
          ...items.map(({ id, name }) => ({ value: id, label: name })),
          { value: 'day', label: t('baseline.aDay') },
        ]}
        style={{ width: 220 }}
      />
      {dated && (
        <Input
          type="date"
          aria-label={t('baseline.dayOf', { side: label })}
          value={value}
          onChange={({ target }) => target.value && onChange(target.value)}
          style={{ width: 150 }}
        />
      )}
    </span>
  )
}

function Groups({ slippage, by }: { slippage: Slippage; by: Split }) {
  const { t, lang } = useText()
  const count = (key: keyof SlippageGroup & string, title: string): Column<SlippageGroup> => ({
    key,
    title,
    numeric: true,
    render: (item) => item[key]?.toLocaleString('en-US') ?? '—',
  })
  const days = (key: 'days_mean' | 'days_max', title: string): Column<SlippageGroup> => ({
    key,
    title,
    numeric: true,
    render: (item) => <Slip days={item[key] === null ? null : Math.round(item[key])} />,
  })
  const columns: Column<SlippageGroup>[] = [
    {
      key: 'name',
      title: t(`baselineBy.${by}`),
      heading: true,
      render: ({ name, name_en, key }) =>
        nameIn(lang, name, name_en) || key || t(by === 'officer' ? 'pipeline.unassigned' : 'baseline.other'),
    },
    count('subjects', t('baseline.subjects')),
    count('milestones', t('baseline.milestones')),
    count('moved', t('baseline.moved')),
    count('later', t('baseline.later')),
    count('earlier', t('baseline.earlier')),
    count('added', t('baseline.added')),
    count('dropped', t('baseline.dropped')),
    days('days_mean', t('baseline.mean')),
    days('days_max', t('baseline.max')),
  ]
  const items = slippage.items ?? []
  if (items.length === 0) return <Empty title={t('baseline.same')} />
  return (
    <DataTable
      caption={t('baseline.result')}
      columns={columns}
      items={items}
      rowKey={({ key }) => key || '-'}
    />
  )
}

function Rows({ slippage }: { slippage: Slippage }) {
  const { t, lang } = useText()
  const columns: Column<SlippageRow>[] = [
    { key: 'name', title: t('gantt.subject'), heading: true, render: (row) => <SubjectLink of={row} /> },
    {
      key: 'stage',
      title: t('tenancy.stage'),
      render: (row) => nameIn(lang, row.stage_name, row.stage_name_en),
    },
    { key: 'a', title: t('baseline.a'), nowrap: true, render: (row) => day(row.a, lang) },
    { key: 'b', title: t('baseline.b'), nowrap: true, render: (row) => day(row.b, lang) },
    { key: 'slip', title: t('baseline.slip'), nowrap: true, render: (row) => <Slip days={row.slip_days} /> },
  ]
  const rows = slippage.rows ?? []
  if (rows.length === 0) return <Empty title={t('baseline.same')} />
  return (
    <DataTable
      caption={t('baseline.result')}
      columns={columns}
      items={rows}
      rowKey={(row) => `${row.kind}/${row.id}/${row.stage}`}
    />
  )
}
