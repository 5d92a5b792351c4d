import { Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useState } from 'react'
import { percent } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { useProgress } from './queries'
import type { OfficeProgress, Progress, Task } from './types'

type Measure = 'complete' | 'timely'

/** shareOf is how much of what an office owes came in, or came in time; null where it owes nothing. */
export function shareOf(cell: OfficeProgress | undefined, measure: Measure): number | null {
  if (!cell || cell.owed === 0) return null
  return (measure === 'complete' ? cell.submitted + cell.approved : cell.timely) / cell.owed
}

const tone = (share: number) => (share >= 1 ? 'good' : share >= 0.8 ? 'near' : share > 0 ? 'fair' : 'bad')

/** OfficeMatrix shows completeness or timeliness per form and office. */
export function OfficeMatrix({ period, forms }: { period: string; forms: Task[] }) {
  const { t } = useText()
  const [measure, setMeasure] = useState<Measure>('complete')
  const progress = useProgress(period)
  return (
    <Panel
      title={t('task.offices')}
      note={t(measure === 'complete' ? 'task.completeNote' : 'task.timelyNote')}
      extra={
        <Segmented<Measure>
          aria-label={t('task.measure')}
          value={measure}
          onChange={setMeasure}
          options={(['complete', 'timely'] as const).map((value) => ({ value, label: t(`task.${value}`) }))}
        />
      }
    >
      <Loaded
        query={progress}
        height={320}
        empty={({ items }) => !items?.length}
        emptyText={t('task.noOffices')}
      >
        {(data) => <Matrix data={data} forms={forms} measure={measure} period={period} />}
      </Loaded>
    </Panel>
  )
}

interface MatrixProps {
  data: Progress
  forms: Task[]
  measure: Measure
  period: string
}

function Matrix({ data, forms, measure, period }: MatrixProps) {
  const { t, lang } = useText()
  const offices = data.offices ?? []
  const cells = new Map((data.items ?? []).map((cell) => [`${cell.form}/${cell.org}`, cell]))
  const asked = forms.filter(({ form }) => offices.some(({ org }) => cells.has(`${form}/${org}`)))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the table is wider than its box
    <section className="pb-table-scroll" aria-label={t('task.offices')} tabIndex={0}>
      <table className="pb-table pb-matrix">
        <caption className="pb-hidden">{t('task.offices')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('task.office')}</th>
            {asked.map((form) => (
              <th key={form.form} scope="col">
                {nameIn(lang, form.name, form.name_en)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {offices.map((office) => (
            <tr key={office.org}>
              <th scope="row">{nameIn(lang, office.name, office.name_en)}</th>
              {asked.map(({ form, period: own }) => (
                <td key={form}>
                  <Share
                    cell={cells.get(`${form}/${office.org}`)}
                    measure={measure}
                    search={{ form, period: own || period, org: office.org }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface ShareProps {
  cell: OfficeProgress | undefined
  measure: Measure
  search: { form: string; period: string; org: string }
}

function Share({ cell, measure, search }: ShareProps) {
  const { t } = useText()
  const share = shareOf(cell, measure)
  if (!cell || share === null) return <span className="pb-soft">{t('task.notAsked')}</span>
  const came = measure === 'complete' ? cell.submitted + cell.approved : cell.timely
  return (
    <Link to="/filings" search={search} className={`pb-share ${tone(share)}`}>
      <span>
        {share >= 1 && <Glyph name="check" />}
        {percent(share, 0)}
      </span>
      <small>
        {t('task.ofCount', { done: came, total: cell.owed })}
        {measure === 'complete' && cell.late > 0 && ` · ${t('task.lateShort', { count: cell.late })}`}
      </small>
    </Link>
  )
}
