import type { ReactNode } from 'react'
import { useTitle } from './useTitle'

/** PageHead is the first line of every page: its only h1, which also becomes the document's title. */
export function PageHead({
  title,
  note,
  children,
}: {
  title: string
  note?: ReactNode
  children?: ReactNode
}) {
  useTitle(title)
  return (
    <div className="pb-page-head">
      <h1>{title}</h1>
      {note && <span className="pb-soft">{note}</span>}
      {children && <div className="pb-actions">{children}</div>}
    </div>
  )
}
