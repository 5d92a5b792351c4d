import { Alert, Button } from 'antd'
import { BasisTag } from '../shared/BasisTag'
import { type Column, DataTable } from '../shared/DataTable'
import { day, moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import { Slip, StateWord, stageNameOf, WayName } from './marks'
import type { Act, Paper, Stage, Track, Way } from './types'
import { plansOf, type Replan } from './view'

const offered = ['plan', 'claim', 'verify', 'rollback'] as const

interface StagePanelProps {
  track: Track
  stage: Stage
  onWant: (act: Act) => void
}

/** StagePanel shows all that was said of one stage, and offers what may be done to it. */
export function StagePanel({ track, stage, onWant }: StagePanelProps) {
  const { t, lang } = useText()
  const acts = offered.filter((act) => stage.can?.includes(act) && track.can?.includes(act))
  const name = nameIn(lang, stage.name, stage.name_en)
  return (
    <Panel
      title={name}
      note={
        <>
          <StateWord stage={stage} /> <Kind track={track} stage={stage} />
        </>
      }
      extra={acts.map((act) => (
        <Button
          key={act}
          size="small"
          type={act === 'claim' ? 'primary' : 'default'}
          danger={act === 'rollback'}
          onClick={() => onWant(act)}
        >
          {act === 'plan' && stage.planned ? t('track.replan') : t(`trackAct.${act}`)}
        </Button>
      ))}
    >
      <Why stage={stage} />
      <Days track={track} stage={stage} />
      <Replans plans={plansOf(track.history ?? [], stage.code)} />
    </Panel>
  )
}

function Kind({ track, stage }: { track: Track; stage: Stage }) {
  const { t, lang } = useText()
  const after = (stage.after ?? []).map((code) => stageNameOf(track.stages, code, lang))
  return (
    <>
      {[
        '',
        after.length > 0 && t('track.after', { stages: after.join(t('app.comma')) }),
        stage.optional && t('track.optional'),
        stage.end && t('track.end'),
      ]
        .filter((part) => part !== false)
        .join(' · ')}
    </>
  )
}

/** Why says what stands before the stage, or what it demands with the facts as they are. */
function Why({ stage }: { stage: Stage }) {
  const { t, lang } = useText()
  const guard = stage.guard && nameIn(lang, stage.guard.text, stage.guard.text_en)
  const told = stage.blocked?.message ?? ''
  return (
    <>
      {stage.blocked && (
        <Alert
          type="warning"
          role="note"
          showIcon
          className="pb-sub-alert"
          title={t(stage.state === 'open' ? 'track.lacking' : 'track.notNow')}
          description={told}
        />
      )}
      {guard && !told.includes(guard) && (
        <p className="pb-sub-guard">
          <b>{t('track.demands')}</b> {guard}
        </p>
      )}
    </>
  )
}

interface DayRow {
  key: string
  way: Way
  first: boolean
  day: string
  counts: boolean
  /** Who says so, or the rule. */
  grounds: React.ReactNode
  nature: string
  recorder: string
  at: string
  papers: Paper[]
}

function Days({ track, stage }: { track: Track; stage: Stage }) {
  const { t, lang } = useText()
  const columns: Column<DayRow>[] = [
    {
      key: 'way',
      title: t('track.kind'),
      heading: true,
      render: ({ way, first }) => (
        <>
          <WayName way={way} /> {first && <span className="pb-soft">{t('track.firstPlan')}</span>}
        </>
      ),
    },
    {
      key: 'day',
      title: t('track.day'),
      nowrap: true,
      render: (row) => (
        <>
          {day(row.day, lang)} {row.counts && <b className="pb-sub-counts">{t('track.counts')}</b>}
        </>
      ),
    },
    {
      key: 'grounds',
      title: t('track.grounds'),
      render: (row) => (
        <>
          {row.grounds} {row.nature !== track.nature && <Nature nature={row.nature} />}
          {row.papers.map(({ id, title }) => (
            <div key={id} className="pb-sub-paper">
              {t('track.restsOn', { title })}
            </div>
          ))}
        </>
      ),
    },
    {
      key: 'who',
      title: t('track.recorded'),
      render: ({ recorder, at }) =>
        recorder || at ? [recorder, at && moment(at, lang)].filter(Boolean).join(' · ') : '—',
    },
  ]
  const rows = rowsOf(track, stage, <Rule stage={stage} />)
  if (rows.length === 0) return <p className="pb-soft">{t('track.nothingSaid')}</p>
  return (
    <>
      <DataTable
        caption={t('track.daysOf', { stage: nameIn(lang, stage.name, stage.name_en) })}
        columns={columns}
        items={rows}
        rowKey={({ key }) => key}
      />
      {stage.slip_days !== null && (
        <p className="pb-sub-slip">
          {t('track.slip')} <Slip days={stage.slip_days} />
        </p>
      )}
    </>
  )
}

function Rule({ stage }: { stage: Stage }) {
  const { t, lang } = useText()
  const { deemed } = stage
  if (!deemed) return null
  const from = nameIn(lang, deemed.from_name, deemed.from_name_en)
  return (
    <>
      {deemed.from &&
        t(deemed.months > 0 ? 'track.deemedMonths' : 'track.deemedDays', {
          from,
          count: deemed.months > 0 ? deemed.months : deemed.days,
        })}{' '}
      <BasisTag basis={deemed.basis} /> <span className="pb-soft">{deemed.source}</span>
      {deemed.from && stage.used !== 'deemed' && <div className="pb-sub-paper">{t('track.ruleOnly')}</div>}
    </>
  )
}

/** rowsOf lists the days of a stage: the first plan and the latest one apart, then one row for each way that says something. */
function rowsOf(track: Track, stage: Stage, rule: React.ReactNode): DayRow[] {
  const papers = new Map(
    (track.history ?? []).flatMap(({ evidence }) => evidence ?? []).map((paper) => [paper.id, paper]),
  )
  const said = (key: string, way: Way, of: Stage['planned'], first = false): DayRow[] =>
    of
      ? [
          {
            key,
            way,
            first,
            day: of.day,
            counts: way !== 'planned' && stage.used === way,
            grounds: [of.source, of.reason].filter(Boolean).join(' · ') || '—',
            nature: of.nature,
            recorder: of.recorder,
            at: of.recorded_at,
            papers: (of.evidence ?? []).flatMap((id) => papers.get(id) ?? []),
          },
        ]
      : []
  const deemed: DayRow[] = stage.deemed
    ? [
        {
          key: 'deemed',
          way: 'deemed',
          first: false,
          day: stage.deemed.day,
          counts: stage.used === 'deemed',
          grounds: rule,
          nature: track.nature,
          recorder: '',
          at: '',
          papers: [],
        },
      ]
    : []
  return [
    ...(stage.replans > 0 ? said('first', 'planned', stage.first_planned, true) : []),
    ...said('planned', 'planned', stage.planned),
    ...said('claimed', 'claimed', stage.claimed),
    ...deemed,
    ...said('verified', 'verified', stage.verified),
  ]
}

function Replans({ plans }: { plans: Replan[] }) {
  const { t, lang } = useText()
  if (plans.length < 2) return null
  const columns: Column<Replan>[] = [
    { key: 'day', title: t('track.planned'), heading: true, render: ({ event }) => day(event.day, lang) },
    { key: 'days', title: t('track.moved'), nowrap: true, render: ({ days }) => <Slip days={days} /> },
    { key: 'reason', title: t('choose.reason'), render: ({ event }) => event.reason || '—' },
    {
      key: 'who',
      title: t('track.recorded'),
      render: ({ event }) =>
        [event.actor, event.at && moment(event.at, lang)].filter(Boolean).join(' · ') || '—',
    },
  ]
  return (
    <>
      <h3 className="pb-sub-h3">{t('track.replanHistory')}</h3>
      <DataTable
        caption={t('track.replanHistory')}
        columns={columns}
        items={plans}
        rowKey={({ event }) => `${event.at}/${event.day}/${event.reason}`}
      />
    </>
  )
}
