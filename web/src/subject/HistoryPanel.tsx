import { Select } from 'antd'
import { useState } from 'react'
import { day, moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { GradeTag, stageNameOf, WayMark } from './marks'
import type { Track, TrackEvent, Way } from './types'
import { type Told, toldOf } from './view'

/** HistoryPanel tells everything that was recorded, in the order in which it was; what was taken back is struck through. */
export function HistoryPanel({ track }: { track: Track }) {
  const { t, lang } = useText()
  const [stage, setStage] = useState('')
  const told = toldOf(track.history ?? []).filter(({ event }) => stage === '' || event.stage === stage)
  return (
    <Panel
      title={t('track.history')}
      note={t('track.historyNote')}
      extra={
        <Select
          size="small"
          aria-label={t('tenancy.stage')}
          value={stage}
          onChange={setStage}
          options={[
            { value: '', label: t('tenancy.allStages') },
            ...(track.stages ?? []).map(({ code, name, name_en }) => ({
              value: code,
              label: nameIn(lang, name, name_en),
            })),
          ]}
          style={{ width: 150 }}
        />
      }
    >
      {told.length === 0 ? (
        <Empty title={t('track.noHistory')} />
      ) : (
        <ol className="pb-sub-history" aria-label={t('track.history')}>
          {told.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and are only ever added at the end
            <Line key={at} told={one} track={track} />
          ))}
        </ol>
      )}
    </Panel>
  )
}

const markOf: Partial<Record<TrackEvent['act'], Way>> = {
  plan: 'planned',
  claim: 'claimed',
  deem: 'deemed',
  verify: 'verified',
}

function Line({ told: { event, undone }, track }: { told: Told; track: Track }) {
  const { t, lang } = useText()
  const mark = markOf[event.act]
  const pause = nameIn(lang, track.suspended_name, track.suspended_name_en)
  const what = [
    event.stage && stageNameOf(track.stages, event.stage, lang),
    t(`trackEvent.${event.act}`, { name: pause, way: event.way && t(`way.${event.way}`) }),
    event.day && day(event.day, lang),
  ]
    .filter(Boolean)
    .join(' ')
  return (
    <li className={event.void ? 'void' : undefined}>
      <span className="pb-sub-when">
        {event.at ? moment(event.at, lang) : t('track.whenUnknown')}
        <small>{event.actor}</small>
      </span>
      <span className="pb-sub-mark">{mark && <WayMark way={mark} />}</span>
      <div>
        {event.void ? (
          <s>
            <b>{what}</b>
          </s>
        ) : (
          <b>{what}</b>
        )}{' '}
        {event.nature && event.nature !== track.nature && <Nature nature={event.nature} />}
        {(event.reason || event.source) && (
          <div className="pb-soft">
            {[event.reason, event.source && t('track.sourceIs', { source: event.source })]
              .filter(Boolean)
              .join(' · ')}
          </div>
        )}
        {(event.evidence ?? []).map(({ id, title, grade }) => (
          <div key={id} className="pb-sub-paper">
            <GradeTag grade={grade} /> {title}
          </div>
        ))}
        {event.void && (
          <div className="pb-sub-late">
            {undone
              ? t(event.act === 'evidence' ? 'track.withdrawnFor' : 'track.takenBackFor', {
                  reason: undone.reason || '—',
                })
              : t('track.takenBack')}
          </div>
        )}
      </div>
    </li>
  )
}
