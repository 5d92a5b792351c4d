import { useText } from '../shared/i18n'
import './tenancy.css'

/** Stage is the word for a stage of a tenancy. */
export function Stage({ stage }: { stage: string | undefined }) {
  const { t } = useText()
  if (!stage) return <span className="pb-soft">—</span>
  return <span className="pb-stage">{t(`stage.${stage}`, stage)}</span>
}
