import { useSearch } from '@tanstack/react-router'
import { Segmented, Select } from 'antd'
import { useMe } from '../session/session'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded, Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { useNarrow } from '../shared/useNarrow'
import { useScope, useSetSearch } from '../shell/scope'
import { BaselineView } from './BaselineView'
import { BoardView } from './BoardView'
import { Filters } from './Filters'
import { FunnelView } from './FunnelView'
import { GanttView } from './GanttView'
import { chosenOf } from './lanes'
import { useLifecycles, useMoves } from './queries'
import { TableView } from './TableView'
import { type Filter, type Lifecycle, lights } from './types'
import './pipeline.css'

const views = ['board', 'table', 'gantt', 'funnel', 'baseline'] as const
type View = (typeof views)[number]

/** PipelinePage (推进台账) follows tenancies and projects from stage to stage, in five views of the same rows. */
export function PipelinePage() {
  const { t } = useText()
  const allowed = useMe().actions?.includes('business.read') ?? false
  const lifecycles = useLifecycles(allowed)
  const { view: wanted } = useSearch({ strict: false })
  const view = views.find((known) => known === wanted) ?? 'board'
  return (
    <div className="pb-page pb-pipe">
      <PageHead title={t('pipeline.title')} note={t('pipeline.note')}>
        <ViewSwitch view={view} />
      </PageHead>
      {allowed ? (
        <Loaded query={lifecycles} height={560} empty={(items) => items.length === 0}>
          {(items) => <Chosen lifecycles={items} view={view} />}
        </Loaded>
      ) : (
        <Panel title={t(`pipelineView.${view}`)}>
          <Empty title={t('state.denied')} />
        </Panel>
      )}
    </div>
  )
}

function ViewSwitch({ view }: { view: View }) {
  const { t } = useText()
  const narrow = useNarrow()
  const setSearch = useSetSearch()
  const options = views.map((value) => ({ value, label: t(`pipelineView.${value}`) }))
  const choose = (next: View) => setSearch({ view: next === 'board' ? undefined : next })
  return narrow ? (
    <Select
      aria-label={t('pipeline.view')}
      value={view}
      onChange={choose}
      options={options}
      style={{ width: 130 }}
    />
  ) : (
    <Segmented<View> aria-label={t('pipeline.view')} value={view} onChange={choose} options={options} />
  )
}

function Chosen({ lifecycles, view }: { lifecycles: Lifecycle[]; view: View }) {
  const { t, lang } = useText()
  const { org, park } = useScope()
  const search = useSearch({ strict: false })
  const moves = useMoves()
  const chosen = chosenOf(lifecycles, search.lifecycle, search.kind)
  if (!chosen) return <Empty title={t('pipeline.none')} />
  const filter: Filter = {
    kind: chosen.of,
    lifecycle: chosen.code,
    org,
    park,
    officer: search.officer,
    light: lights.find((known) => known === search.light),
    q: search.q,
    late: search.late === '1' ? '1' : undefined,
    stage: search.stage,
  }
  const title = `${nameIn(lang, chosen.name, chosen.name_en)} · ${t(`pipelineView.${view}`)}`
  if (view === 'funnel') return <FunnelView filter={filter} lifecycles={lifecycles} title={title} />
  if (view === 'baseline') return <BaselineView filter={filter} lifecycles={lifecycles} title={title} />
  return (
    <Panel title={title} note={view === 'gantt' || moves ? t(`pipelineNote.${view}`) : undefined}>
      <Filters lifecycles={lifecycles} filter={filter} stages={view !== 'board'} />
      {view === 'board' && <BoardView filter={filter} lane={search.stage} />}
      {view === 'table' && <TableView filter={filter} />}
      {view === 'gantt' && <GanttView filter={filter} />}
    </Panel>
  )
}
