import type { FormHead } from '../filing/types'
import { useText } from '../shared/i18n'

/** useChain writes who approves a form, in order. */
export function useChain() {
  const { t } = useText()
  return (chain: string[] | null) =>
    chain?.length ? chain.map((level) => t(`level.${level}`, level)).join(' → ') : t('form.noChain')
}

/** useWindow writes when a form may be filed. */
export function useWindow() {
  const { t } = useText()
  return ({
    every,
    opens,
    due,
    grace,
    locks,
  }: Pick<FormHead, 'every' | 'opens' | 'due' | 'grace' | 'locks'>) => {
    if (every === 'standing') return t('task.standing')
    return [
      t('form.opensAt', { count: opens }),
      t('form.dueAt', { count: due }),
      grace > 0 && t('form.graceFor', { count: grace }),
      locks > 0 ? t('form.locksAt', { count: locks }) : t('form.neverLocks'),
    ]
      .filter(Boolean)
      .join(t('app.semicolon'))
  }
}
