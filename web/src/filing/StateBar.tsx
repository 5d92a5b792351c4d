import { useText } from '../shared/i18n'
import { filingStates } from './types'

type Counts = { [state in (typeof filingStates)[number]]: number }

const order = ['approved', 'submitted', 'draft', 'returned', 'owed'] as const

/** StateBar draws how far a form has come among everybody who owes it, and says the counts beside. */
export function StateBar({ counts, name }: { counts: Counts; name: string }) {
  const { t } = useText()
  const total = filingStates.reduce((sum, state) => sum + counts[state], 0)
  if (total === 0) return <span className="pb-soft">{t('task.nobody')}</span>
  const known = order.filter((state) => counts[state] > 0)
  const done = counts.approved + counts.submitted
  return (
    <div className="pb-statebar">
      <div
        role="progressbar"
        aria-label={t('task.progressOf', { name })}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={t('task.doneOf', { done, total })}
      >
        {known.map((state) => (
          <span key={state} className={state} style={{ flexGrow: counts[state] }} />
        ))}
      </div>
      <p>
        {known.map((state) => (
          <span key={state}>
            <i className={state} />
            {t(`filingState.${state}`)} {counts[state]}
          </span>
        ))}
      </p>
    </div>
  )
}
