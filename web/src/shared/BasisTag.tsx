import { useText } from './i18n'
import './tag.css'

/** Whether a rule was published, or assumed by the system; empty where it is not said. */
export type Basis = '' | 'established' | 'assumed'

/** BasisTag says how sure a rule is: published, or assumed by the system. */
export function BasisTag({ basis }: { basis: Basis }) {
  const { t } = useText()
  if (!basis) return null
  return <span className={`pb-tag ${basis}`}>{t(`ruleBasis.${basis}`)}</span>
}
