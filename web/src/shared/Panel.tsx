// A panel is a titled part of a page with its own loading, error and empty state.
import { type ReactNode, useId } from 'react'
import { useText } from './i18n'
import { Boundary, Empty, Failure, Loading } from './states'
import './panel.css'

/** The part of a react-query answer that a panel needs. */
export interface Loadable<Data> {
  data: Data | undefined
  error: unknown
  isPending: boolean
  isFetching: boolean
  isPlaceholderData?: boolean
  refetch: () => unknown
}

interface PanelProps {
  title: ReactNode
  note?: ReactNode
  extra?: ReactNode
  className?: string
  children: ReactNode
}

export function Panel({ title, note, extra, className = '', children }: PanelProps) {
  const id = useId()
  return (
    <section className={`pb-panel ${className}`} aria-labelledby={id}>
      <header className="pb-panel-head">
        <h2 id={id}>{title}</h2>
        {note && <span className="pb-panel-note">{note}</span>}
        {extra && <div className="pb-panel-extra">{extra}</div>}
      </header>
      <Boundary fallback={(error, reset) => <Failure error={error} onRetry={reset} />}>{children}</Boundary>
    </section>
  )
}

interface LoadedProps<Data> {
  query: Loadable<Data>
  /** Height of the content to come, so that nothing jumps when it does. */
  height?: number
  empty?: (data: Data) => boolean
  emptyText?: string
  children: (data: Data) => ReactNode
}

/** Loaded shows the content of a query, or the state that stands in for it. */
export function Loaded<Data>({ query, height, empty, emptyText, children }: LoadedProps<Data>) {
  const { t } = useText()
  if (query.isPending) return <Loading height={height} />
  if (query.error && query.data === undefined)
    return <Failure error={query.error} onRetry={() => query.refetch()} />
  const data = query.data as Data
  if (empty?.(data)) return <Empty title={emptyText ?? t('state.empty')} />
  return (
    <div
      className={query.isPlaceholderData ? 'pb-stale' : undefined}
      aria-busy={query.isFetching || undefined}
    >
      {children(data)}
    </div>
  )
}
