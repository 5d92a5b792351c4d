import { useForms } from '../intake/intakes'
import { nameIn, useText } from '../shared/i18n'
import type { Complete } from './types'

/** Completeness says of each form how many of the owed filings were approved when the month was closed. */
export function Completeness({ complete }: { complete: Record<string, Complete> | null }) {
  const { t, lang } = useText()
  const forms = useForms()
  const known = Object.entries(complete ?? {})
  if (known.length === 0) return <span className="pb-soft">—</span>
  const nameOf = (code: string) => {
    const form = forms.data?.find((one) => one.code === code)
    return form ? nameIn(lang, form.name, form.name_en) : code
  }
  return (
    <ul className="pb-complete">
      {known.map(([code, { owed, approved }]) => (
        <li key={code}>{t('closing.completeOf', { form: nameOf(code), approved, owed })}</li>
      ))}
    </ul>
  )
}
