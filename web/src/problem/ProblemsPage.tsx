import { useSearch } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { useSetSearch } from '../shell/scope'
import { useAllowed } from '../subject/useAllowed'
import { BreachList } from './BreachList'
import { OpenDrawer } from './OpenDrawer'
import { ProblemDrawer } from './ProblemDrawer'
import { ProblemList } from './ProblemList'
import { RulePanel } from './RulePanel'

const tabs = ['list', 'breaches', 'rules'] as const

/** ProblemsPage (问题清单) is what stands in the way, whose it is and until when; and the promises that are missed. */
export function ProblemsPage() {
  const { t } = useText()
  const { tab, open } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const allowed = useAllowed('problem.edit')
  const [opening, setOpening] = useState(false)
  const shown = tabs.find((known) => known === tab) ?? 'list'
  return (
    <div className="pb-page">
      <PageHead title={t('problem.title')} note={t('problem.note')}>
        <Segmented
          aria-label={t('problem.view')}
          value={shown}
          onChange={(next) => setSearch({ tab: next === 'list' ? undefined : next, open: undefined })}
          options={tabs.map((value) => ({ value, label: t(`problemTab.${value}`) }))}
        />
        {allowed && (
          <Button type="primary" onClick={() => setOpening(true)}>
            {t('problem.add')}
          </Button>
        )}
      </PageHead>
      {shown === 'list' && <ProblemList />}
      {shown === 'breaches' && <BreachList />}
      {shown === 'rules' && <RulePanel />}
      {open && <ProblemDrawer key={open} id={open} onClose={() => setSearch({ open: undefined })} />}
      {opening && (
        <OpenDrawer
          onClose={() => setOpening(false)}
          onDone={({ id }) => {
            setOpening(false)
            setSearch({ tab: undefined, open: id })
          }}
        />
      )}
    </div>
  )
}
