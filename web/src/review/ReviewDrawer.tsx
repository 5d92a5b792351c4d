// One filing beside the list: its figures against last month, what changed since approval, what the rules and people say.
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { type Step, StepDialog, steps } from '../filing/Deeds'
import { DifferingPanel } from '../filing/DifferingPanel'
import { DiffPanel } from '../filing/DiffPanel'
import { FilingState, Waiting } from '../filing/FilingState'
import { History } from '../filing/History'
import { FilingLink } from '../filing/links'
import { type OriginAt, Origins } from '../filing/Origins'
import { useFiling } from '../filing/queries'
import { Remarks } from '../filing/Remarks'
import { allows, type Filing, type FilingRow, type Form, type FormItem } from '../filing/types'
import { useShow } from '../filing/useShow'
import { useAnswers, Verdicts } from '../filing/Verdicts'
import { type Column, DataTable } from '../shared/DataTable'
import { periodName } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { Loaded } from '../shared/Panel'
import { useNarrow } from '../shared/useNarrow'
import { useSetSearch } from '../shell/scope'

interface ReviewDrawerProps {
  row: FilingRow
  form: Form
  /** The row after this one, to go on with. */
  next: string | undefined
}

export function ReviewDrawer({ row, form, next }: ReviewDrawerProps) {
  const { t } = useText()
  const narrow = useNarrow()
  const setSearch = useSetSearch()
  const filing = useFiling(row)
  const [step, setStep] = useState<Step | null>(null)
  const close = () => setSearch({ open: undefined })
  return (
    <Drawer
      open
      onClose={close}
      title={row.subject_name}
      size={narrow ? '100%' : 760}
      classNames={{ wrapper: 'pb-drawer' }}
      footer={
        <span className="pb-filing-deeds">
          {filing.data &&
            steps
              .filter((known) => filing.data && allows(filing.data, known))
              .map((known) => (
                <Button
                  key={known}
                  type={known === 'approve' ? 'primary' : undefined}
                  onClick={() => setStep(known)}
                >
                  {t(`deed.${known}`)}
                </Button>
              ))}
          <Button disabled={!next} onClick={() => setSearch({ open: next })}>
            {t('review.next')}
          </Button>
          <FilingLink to={row}>{t('review.wholePage')}</FilingLink>
        </span>
      }
    >
      <Loaded query={filing} height={480}>
        {(filing) => (
          <>
            <Reading filing={filing} form={form} />
            <StepDialog
              of={row}
              version={filing.version}
              step={step}
              onClose={() => setStep(null)}
              onDone={() => setSearch({ open: next })}
            />
          </>
        )}
      </Loaded>
    </Drawer>
  )
}

function Reading({ filing, form }: { filing: Filing; form: Form }) {
  const { t } = useText()
  const [origin, setOrigin] = useState<OriginAt | null>(null)
  const items = form.items ?? []
  const answers = useAnswers(filing.verdicts ?? [])
  return (
    <div className="pb-column">
      <p className="pb-filing-line">
        <FilingState state={filing.state} />
        <Waiting filing={filing} chain={form.chain ?? []} />
        {filing.confirmed && <span className="pb-soft">{t('fill.confirmed')}</span>}
      </p>
      {filing.changed_since_approval && <DiffPanel of={filing} items={items} />}
      <Verdicts filing={filing} items={items} answers={answers} unsaved={false} />
      {form.list ? (
        <p className="pb-soft">{t('review.rows', { count: filing.records?.length ?? 0 })}</p>
      ) : (
        <Figures filing={filing} items={items} onOrigin={setOrigin} />
      )}
      <DifferingPanel filing={filing} items={items} />
      <Remarks of={filing} filing={filing} items={items} />
      <History filing={filing} />
      <Origins of={filing} at={origin} items={items} onClose={() => setOrigin(null)} />
    </div>
  )
}

interface FiguresProps {
  filing: Filing
  items: FormItem[]
  onOrigin: (at: OriginAt) => void
}

function Figures({ filing, items, onOrigin }: FiguresProps) {
  const { t, lang } = useText()
  const show = useShow()
  const cells = filing.records?.[0]?.cells ?? {}
  const { beside } = filing
  const columns: Column<FormItem>[] = [
    {
      key: 'field',
      title: t('fill.field'),
      heading: true,
      render: (item) => (
        <>
          {nameIn(lang, item.name, item.name_en)}{' '}
          {item.unit_name && <small className="pb-soft">{unitIn(item.unit_name)}</small>}
        </>
      ),
    },
    {
      key: 'value',
      title: t('fill.value'),
      numeric: true,
      render: (item) => (
        <button
          type="button"
          className="pb-cell"
          title={t('fill.origin')}
          onClick={() => onOrigin({ key: '', field: item.field })}
        >
          {show(item, cells[item.field]) || '—'}
        </button>
      ),
    },
    {
      key: 'last',
      title: beside.last_period ? periodName(beside.last_period, lang) : t('fill.lastPeriod'),
      numeric: true,
      render: (item) => show(item, beside.last[item.field]) || '—',
    },
    {
      key: 'year',
      title: beside.year_ago_period ? periodName(beside.year_ago_period, lang) : t('fill.yearAgo'),
      numeric: true,
      render: (item) => show(item, beside.year_ago[item.field]) || '—',
    },
  ]
  return (
    <DataTable
      compact
      caption={t('fill.figures')}
      columns={columns}
      items={items}
      rowKey={({ field }) => field}
    />
  )
}
