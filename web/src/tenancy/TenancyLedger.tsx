import { useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { useScope, useSetSearch } from '../shell/scope'
import { OpenTenancy } from './OpenTenancy'
import { stages } from './stages'
import { TenancyTable } from './TenancyTable'

/** TenancyLedger (入驻台账) lists who is in which park, and how far. */
export function TenancyLedger() {
  const { t } = useText()
  const { org, park } = useScope()
  const { stage, open } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const enters = can(useMe(), 'milestone.edit')
  return (
    <div className="pb-page">
      <PageHead title={t('page.tenancies')} note={t('tenancy.note')}>
        {enters && <Button onClick={() => setSearch({ open: '1' })}>{t('tenancyOpen.open')}</Button>}
      </PageHead>
      {enters && open && (
        <OpenTenancy org={org} park={park} onClose={() => setSearch({ open: undefined }, true)} />
      )}
      <Panel
        title={t('tenancy.list')}
        extra={
          <Select
            aria-label={t('tenancy.stage')}
            value={stage ?? ''}
            onChange={(next) => setSearch({ stage: next || undefined })}
            options={[
              { value: '', label: t('tenancy.allStages') },
              ...stages.map((value) => ({ value, label: t(`stage.${value}`) })),
            ]}
            style={{ width: 150 }}
          />
        }
      >
        <TenancyTable filter={{ org, park, stage }} />
      </Panel>
    </div>
  )
}
