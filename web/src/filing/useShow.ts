import { useCallback } from 'react'
import { useText } from '../shared/i18n'
import { showCell } from './cellText'
import type { FormItem } from './types'

/** useShow writes a cell in the reader's language. */
export function useShow() {
  const { t, lang } = useText()
  const yes = t('app.yes')
  const no = t('app.no')
  return useCallback(
    (item: Pick<FormItem, 'kind' | 'choices'>, text: string | undefined) =>
      showCell(item, text, { lang, yes, no }),
    [lang, yes, no],
  )
}
