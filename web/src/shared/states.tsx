// The four states that every page and panel has besides its content: loading, empty, refused, broken.
import { Button, Skeleton } from 'antd'
import { Component, type ReactNode } from 'react'
import { ApiError } from './api'
import { Glyph, type GlyphName } from './Glyph'
import { useText } from './i18n'
import './states.css'

interface StateProps {
  glyph: GlyphName
  title: string
  detail?: string
  action?: ReactNode
  alert?: boolean
}

function State({ glyph, title, detail, action, alert }: StateProps) {
  return (
    <div className="pb-state" role={alert ? 'alert' : undefined}>
      <Glyph name={glyph} />
      <p className="pb-state-title">{title}</p>
      {detail && <p className="pb-state-detail">{detail}</p>}
      {action}
    </div>
  )
}

export function Empty({ title, detail, action }: { title?: string; detail?: string; action?: ReactNode }) {
  const { t } = useText()
  return <State glyph="empty" title={title ?? t('state.empty')} detail={detail} action={action} />
}

/** Failure says why something is not shown and, where it may help, offers to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useText()
  const refused = error instanceof ApiError ? error : null
  if (refused?.status === 403)
    return <State glyph="lock" title={t('state.denied')} detail={refused.message} alert />
  if (refused?.status === 404)
    return <State glyph="empty" title={t('state.notFound')} detail={t('state.notFoundDetail')} alert />
  return (
    <State
      glyph="broken"
      title={refused?.status === 0 ? t('state.offline') : t('state.failed')}
      detail={refused && refused.status !== 0 ? refused.message : undefined}
      action={onRetry && <Button onClick={onRetry}>{t('action.retry')}</Button>}
      alert
    />
  )
}

export function Loading({ height = 160 }: { height?: number }) {
  const { t } = useText()
  const rows = Math.max(1, Math.floor(height / 34) - 1)
  return (
    <div className="pb-loading" style={{ minHeight: height }} role="status">
      <span className="pb-hidden">{t('state.loading')}</span>
      <Skeleton active title={false} paragraph={{ rows, width: '100%' }} />
    </div>
  )
}

interface BoundaryProps {
  children: ReactNode
  fallback: (error: unknown, reset: () => void) => ReactNode
}

/** Boundary keeps a fault of one panel from taking the page with it. */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return this.props.fallback(this.state.error, () => this.setState({ error: null }))
  }
}
