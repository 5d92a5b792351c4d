import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { AttachDrawer } from './AttachDrawer'
import { EvidenceCard } from './EvidenceCard'
import { EvidencePreview } from './EvidencePreview'
import { useEvidence } from './queries'
import type { Evidence, Stage, Track } from './types'
import { byGrade, may } from './view'
import { WithdrawDrawer } from './WithdrawDrawer'

/** EvidencePanel lists what a stage rests on, the strongest first, and takes more. */
export function EvidencePanel({ track, stage }: { track: Track; stage: Stage }) {
  const { t, lang } = useText()
  const [all, setAll] = useState(false)
  const [adding, setAdding] = useState(false)
  const [seen, setSeen] = useState<Evidence | null>(null)
  const [going, setGoing] = useState<Evidence | null>(null)
  const evidence = useEvidence(track)
  const attach = may(track, 'attach')
  const name = nameIn(lang, stage.name, stage.name_en)
  return (
    <Panel
      title={t('evidence.title')}
      note={t('evidence.order')}
      extra={
        <>
          <Segmented
            size="small"
            aria-label={t('evidence.which')}
            value={all ? 'all' : 'stage'}
            onChange={(which) => setAll(which === 'all')}
            options={[
              { value: 'stage', label: name },
              { value: 'all', label: t('evidence.all') },
            ]}
          />
          {attach && (
            <Button size="small" type="primary" onClick={() => setAdding(true)}>
              {t('evidence.add')}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={evidence} height={240}>
        {(items) => {
          const shown = byGrade(all ? items : items.filter(({ stage: of }) => of === stage.code || of === ''))
          if (shown.length === 0) return <Empty title={t('evidence.none')} detail={t('evidence.noneWhy')} />
          return (
            <ul className="pb-sub-papers" aria-label={t('evidence.title')}>
              {shown.map((item) => (
                <EvidenceCard
                  key={item.id}
                  item={item}
                  stages={track.stages}
                  showStage={all}
                  onSee={() => setSeen(item)}
                  onWithdraw={attach && !item.withdrawn_at ? () => setGoing(item) : undefined}
                />
              ))}
            </ul>
          )
        }}
      </Loaded>
      {adding && <AttachDrawer track={track} stage={stage.code} onClose={() => setAdding(false)} />}
      {seen && <EvidencePreview item={seen} onClose={() => setSeen(null)} />}
      {going && <WithdrawDrawer item={going} onClose={() => setGoing(null)} />}
    </Panel>
  )
}
