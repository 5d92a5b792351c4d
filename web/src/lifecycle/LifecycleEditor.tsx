// The editor of a lifecycle. Its first day stands in its text.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import { PackEditor, PutInForce } from '../shared/PackEditor'
import { Panel } from '../shared/Panel'
import { usePackDraft } from '../shared/usePackDraft'
import { calls } from './http'
import type { Lifecycle } from './types'

export function LifecycleEditor({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t, lang } = useText()
  const client = useQueryClient()
  const draft = usePackDraft(lifecycle.yaml, ['lifecycleCheck', lifecycle.code], (yaml, signal) =>
    calls.check(lifecycle.code, yaml, signal),
  )
  const put = useMutation({
    mutationFn: ({ reason }: { reason: string }) => calls.put(lifecycle.code, { yaml: draft.text, reason }),
    onSuccess: () => client.invalidateQueries(),
  })
  return (
    <PackEditor title={t('lifecycle.text')} draft={draft}>
      <Panel title={t('pack.put')} note={t('lifecycle.saveNote')}>
        <PutInForce
          put={put}
          ready={draft.ready}
          done={(made) => t('lifecycle.done', { day: day(newest(made), lang) })}
        />
      </Panel>
    </PackEditor>
  )
}

/** newest is the first day of the version that was put last; it may lie ahead of the one in force. */
function newest(lifecycle: Lifecycle): string {
  return (lifecycle.version_list ?? []).at(-1)?.from ?? lifecycle.from
}
