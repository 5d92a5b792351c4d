import { useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { useScope, useSetSearch } from '../shell/scope'
import { LoadList } from './LoadList'
import { OpenProject } from './OpenProject'
import { ProjectTable, projectKinds } from './ProjectTable'

/** ProjectLedger (项目) lists the works of a place with their milestones. */
export function ProjectLedger() {
  const { t } = useText()
  const { org, park } = useScope()
  const { kind, load, open } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const me = useMe()
  const enters = org && can(me, 'milestone.edit')
  return (
    <div className="pb-page">
      <PageHead title={t('page.projects')}>
        {enters && <Button onClick={() => setSearch({ open: '1' })}>{t('projectOpen.open')}</Button>}
        {enters && <Button onClick={() => setSearch({ load: '1' })}>{t('projectLoad.open')}</Button>}
      </PageHead>
      {enters && open && (
        <OpenProject org={org} park={park} onClose={() => setSearch({ open: undefined }, true)} />
      )}
      {enters && load && <LoadList org={org} onClose={() => setSearch({ load: undefined }, true)} />}
      <Panel
        title={t('project.list')}
        extra={
          <Select
            aria-label={t('project.kind')}
            value={kind ?? ''}
            onChange={(next) => setSearch({ kind: next || undefined })}
            options={[
              { value: '', label: t('project.allKinds') },
              ...projectKinds.map((value) => ({ value, label: t(`projectKind.${value}`) })),
            ]}
            style={{ width: 170 }}
          />
        }
      >
        <ProjectTable filter={{ org, park, kind: projectKinds.find((known) => known === kind) }} />
      </Panel>
    </div>
  )
}
