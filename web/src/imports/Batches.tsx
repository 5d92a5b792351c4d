import { useQuery } from '@tanstack/react-query'
import type { Schema } from '../shared/api'
import { api, ask } from '../shared/api'
import { type Column, DataTable } from '../shared/DataTable'
import { moment } from '../shared/format'
import { useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'

type Batch = Schema<'Batch'>

/** Batches lists what was imported before, by whom and when. */
export function Batches() {
  const { t, lang } = useText()
  const batches = useQuery({
    queryKey: ['imports'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/imports', { signal }))).items ?? [],
  })
  const columns: Column<Batch>[] = [
    { key: 'file', title: t('batch.file'), heading: true, render: ({ file }) => file },
    {
      key: 'at',
      title: t('batch.at'),
      render: ({ at }) => <span className="pb-figures">{moment(at, lang)}</span>,
    },
    { key: 'actor', title: t('batch.actor'), render: ({ actor }) => actor || '—' },
    ...(['rows', 'new', 'changed', 'unchanged'] as const).map(
      (name): Column<Batch> => ({
        key: name,
        title: t(`report.${name}`),
        numeric: true,
        render: (batch) => batch[name],
      }),
    ),
  ]
  return (
    <Panel title={t('batch.title')}>
      <Loaded query={batches} height={160} empty={(items) => items.length === 0} emptyText={t('batch.none')}>
        {(items) => (
          <DataTable caption={t('batch.title')} columns={columns} items={items} rowKey={({ id }) => id} />
        )}
      </Loaded>
    </Panel>
  )
}
