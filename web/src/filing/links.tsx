import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Ref } from './types'

/** FilingLink leads to one filing. */
export function FilingLink({ to, children }: { to: Ref; children: ReactNode }) {
  const { form, kind, subject, period } = to
  return (
    <Link to="/filings/$form/$kind/$subject/$period" params={{ form, kind, subject, period }}>
      {children}
    </Link>
  )
}
