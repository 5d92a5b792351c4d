import { Alert } from 'antd'
import { useState } from 'react'
import type { FilingRow, Outcome } from '../filing/types'
import { useText } from '../shared/i18n'

interface OutcomesProps {
  outcomes: Outcome[]
  rows: FilingRow[]
}

/** Outcomes says how many of the picked filings were approved, and of each of the others why not. */
export function Outcomes({ outcomes, rows }: OutcomesProps) {
  const { t } = useText()
  const failed = outcomes.filter(({ ok }) => !ok)
  // The rows that were approved leave the list; names are kept for those that stayed.
  const [names] = useState(() => new Map(rows.map((row) => [row.subject, row.subject_name])))
  return (
    <Alert
      type={failed.length > 0 ? 'warning' : 'success'}
      showIcon
      role="status"
      style={{ marginBottom: 8 }}
      title={t('review.doneOf', { done: outcomes.length - failed.length, total: outcomes.length })}
      description={
        failed.length > 0 && (
          <ul className="pb-plain-list">
            {failed.map(({ kind, subject, message }) => (
              <li key={`${kind}/${subject}`}>
                {names.get(subject) ?? subject}: {message}
              </li>
            ))}
          </ul>
        )
      }
    />
  )
}
