import { useText } from '../shared/i18n'
import { Verdict } from '../shared/Verdict'
import type { IntakeReport } from './types'

const counts = ['rows', 'new', 'changed', 'unchanged', 'conflicting'] as const

/** Counts says how many rows the file has and what each of them is against the ledger. */
export function Counts({ report }: { report: IntakeReport }) {
  const { t } = useText()
  return (
    <dl className="pb-facts pb-report">
      {counts.map((name) => (
        <div key={name}>
          <dt>{t(`intakeCount.${name}`)}</dt>
          <dd>{report[name].toLocaleString('en-US')}</dd>
        </div>
      ))}
      <div>
        <dt>{t('intake.cellsChanged')}</dt>
        <dd>{report.cells_changed.toLocaleString('en-US')}</dd>
      </div>
      <div>
        <dt>{t('intake.bad')}</dt>
        <dd>
          {report.bad === 0 ? (
            <Verdict judgement="good">{t('intake.noBad')}</Verdict>
          ) : (
            <Verdict judgement="bad">{t('intake.badRows', { count: report.bad })}</Verdict>
          )}
        </dd>
      </div>
    </dl>
  )
}
