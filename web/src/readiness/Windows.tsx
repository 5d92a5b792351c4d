import { type Column, DataTable } from '../shared/DataTable'
import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import type { Window } from './types'
import { openWindows } from './view'

/** Windows lists the windows that are left of the year with those that have each of them next. */
export function Windows({ windows }: { windows: Window[] | null }) {
  const { t, lang } = useText()
  const open = openWindows(windows)
  if (open.length === 0) return null
  const count = (key: 'ready' | 'preparing' | 'misses' | 'waiting'): Column<Window> => ({
    key,
    title: t(`readyVerdict.${key}`),
    numeric: true,
    render: (window) => window[key],
  })
  const columns: Column<Window>[] = [
    {
      key: 'closes',
      title: t('ready.window'),
      heading: true,
      render: ({ closes }) => t('ready.closes', { day: day(closes, lang) }),
    },
    { key: 'path', title: t('ready.path'), nowrap: true, render: ({ path }) => t(`readyPath.${path}`) },
    {
      key: 'batch',
      title: t('ready.listMonth'),
      nowrap: true,
      render: ({ batch }) => day(batch, lang),
    },
    { key: 'left', title: t('ready.left'), numeric: true, render: ({ days_left }) => days_left },
    count('ready'),
    count('preparing'),
    count('misses'),
    count('waiting'),
  ]
  return (
    <details className="pb-ready-windows">
      <summary>{t('ready.windows', { count: open.length })}</summary>
      <p className="pb-soft">{t('ready.windowsNote')}</p>
      <DataTable caption={t('ready.window')} columns={columns} items={open} rowKey={({ closes }) => closes} />
    </details>
  )
}
