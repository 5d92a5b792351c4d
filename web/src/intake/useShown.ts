// How values of a form's fields are shown: a choice by its name, a quantity with its unit.
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '../shared/api'
import { nameIn, unitIn, useText } from '../shared/i18n'
import type { Intake } from './types'

/** useShown gives the function that writes a field's value for people. */
export function useShown({ form, period, fields }: Pick<Intake, 'form' | 'period' | 'fields'>) {
  const { lang } = useText()
  const known = new Map((fields ?? []).map((field) => [field.code, field]))
  const wanted = (fields ?? []).some(({ kind }) => kind === 'choice')
  const { data } = useQuery({
    queryKey: ['forms', form, period],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/forms/{code}', {
          params: { path: { code: form }, query: { period: period || undefined } },
          signal,
        }),
      ),
    enabled: wanted,
    staleTime: 5 * 60_000,
  })
  const choices = new Map((data?.items ?? []).map((item) => [item.field, item.choices ?? []]))
  return (code: string, value: string): string => {
    if (value === '') return ''
    const choice = choices.get(code)?.find((one) => one.code === value)
    if (choice) return nameIn(lang, choice.name, choice.name_en)
    const unit = known.get(code)?.unit
    return unit ? `${value}\u2009${unitIn(unit)}` : value
  }
}
