import { Alert, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { ConflictView } from '../pipeline/ConflictView'
import { Drafts, Ticked } from '../pipeline/Papers'
import type { Draft } from '../pipeline/useStep'
import { FormDrawer } from '../shared/FormDrawer'
import { day } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { Loaded } from '../shared/Panel'
import { stageNameOf } from './marks'
import { useEvidence } from './queries'
import type { Act, Ask, Stage, Track, Wanted } from './types'
import { type Attempt, useStep } from './useStep'
import { takenWith } from './view'
import { dated } from './words'

interface Entry {
  day?: string
  source?: string
  reason?: string
  facts?: Record<string, string | undefined>
}

const dates: readonly Act[] = ['plan', 'claim', 'verify', 'suspend', 'resume']
const evidenced: readonly Act[] = ['claim', 'verify']

/** needsReason says which acts are refused without a reason. */
function needsReason(act: Act, stage: Stage | undefined): boolean {
  return act === 'rollback' || act === 'suspend' || (act === 'plan' && Boolean(stage?.planned))
}

/** StepDrawer plans, claims, verifies, takes back, suspends or resumes. A refusal changes nothing and says what is missing. */
export function StepDrawer({
  track,
  wanted: { act, stage: code },
  onClose,
}: {
  track: Track
  wanted: Wanted
  onClose: () => void
}) {
  const { t, lang } = useText()
  const [form] = Form.useForm<Entry>()
  const [papers, setPapers] = useState<Draft[]>([])
  const [ticked, setTicked] = useState<string[]>([])
  const step = useStep(track, onClose)
  const stage = track.stages?.find((known) => known.code === code)
  const name = stageNameOf(track.stages, code, lang)
  const pause = nameIn(lang, track.suspended_name, track.suspended_name_en)
  const again = act === 'plan' && stage?.planned
  const title = t(again ? 'trackDo.replan' : `trackDo.${act}`, { stage: name, name: pause })
  return (
    <FormDrawer<Entry>
      open
      title={title}
      note={t(`trackNote.${act}`)}
      onClose={onClose}
      form={form}
      saving={step.saving}
      error={step.error}
      save={t(`trackAct.${act}`)}
      hideSave={step.theirs !== null}
      onSave={(entry) => step.submit(attemptOf({ act, stage: code }, entry, ticked, papers))}
    >
      <Overtaken track={track} wanted={{ act, stage: code }} step={step} />
      <div hidden={step.theirs !== null}>
        {stage && <About track={track} stage={stage} act={act} />}
        {dates.includes(act) && <DayField required={stage !== undefined} />}
        {['plan', 'claim', 'verify'].includes(act) && (
          <SourceField
            label={t(act === 'plan' ? 'track.planSource' : 'track.source')}
            needed={act === 'claim' && ticked.length + papers.length === 0}
          />
        )}
        {act !== 'claim' && act !== 'verify' && act !== 'resume' && (
          <ReasonField needed={needsReason(act, stage)} />
        )}
        {evidenced.includes(act) && <AskFields asks={stage?.asks ?? []} />}
        {evidenced.includes(act) && (
          <Evidence
            track={track}
            stage={code}
            papers={papers}
            ticked={ticked}
            onPapers={setPapers}
            onTicked={setTicked}
          />
        )}
      </div>
    </FormDrawer>
  )
}

/** attemptOf makes a step of what the form says; what is empty is left out. */
function attemptOf(
  { act, stage }: Wanted,
  { day = '', source = '', reason = '', facts = {} }: Entry,
  ticked: string[],
  papers: readonly Draft[],
): Attempt {
  const withPapers = evidenced.includes(act)
  const told = Object.entries(facts).flatMap(([field, text]) => (text?.trim() ? [[field, text.trim()]] : []))
  return {
    act,
    step: {
      ...(stage && { stage }),
      ...(day && { day }),
      ...(source.trim() && { source: source.trim() }),
      ...(reason.trim() && { reason: reason.trim() }),
      ...(told.length > 0 && { facts: Object.fromEntries(told) }),
      evidence: withPapers ? ticked : [],
    },
    papers: withPapers ? papers.map((paper) => ({ ...paper, stage })) : [],
  }
}

interface OvertakenProps {
  track: Track
  wanted: Wanted
  step: ReturnType<typeof useStep>
}

/** Overtaken shows what somebody else did meanwhile beside the step that was not taken. */
function Overtaken({ track, wanted, step }: OvertakenProps) {
  const { lang } = useText()
  if (!step.theirs || !step.last) return null
  const { day = '', reason, source } = step.last.step
  return (
    <ConflictView
      theirs={step.theirs}
      mine={{ ...wanted, day, reason: reason ?? source ?? '' }}
      stageName={(code) => stageNameOf(track.stages, code, lang)}
      busy={step.saving}
      onTake={step.take}
      onAgain={step.again}
    />
  )
}

function DayField({ required }: { required: boolean }) {
  const { t } = useText()
  return (
    <Form.Item
      name="day"
      label={t('track.day')}
      extra={required ? t('record.dateForm') : t('track.todayIfEmpty')}
      rules={[{ required, pattern: dated, message: t('record.dateForm') }]}
    >
      <Input placeholder="2025-06-30" autoComplete="off" />
    </Form.Item>
  )
}

/** AskFields ask for what no table knows: the investment planned this year, the value of the equipment. */
function AskFields({ asks }: { asks: Ask[] }) {
  const { t, lang } = useText()
  return asks.map(({ field, kind, unit, name, name_en }) => (
    <Form.Item key={field} name={['facts', field]} label={nameIn(lang, name, name_en)}>
      {kind === 'truth' ? (
        <Radio.Group
          options={[
            { value: 'true', label: t('app.yes') },
            { value: 'false', label: t('app.no') },
          ]}
        />
      ) : (
        <Input
          suffix={unitIn(unit) || undefined}
          inputMode={kind === 'quantity' ? 'decimal' : undefined}
          placeholder={{ date: '2025-06-30', month: '2025-06' }[kind]}
          autoComplete="off"
        />
      )}
    </Form.Item>
  ))
}

function SourceField({ label, needed }: { label: string; needed: boolean }) {
  const { t } = useText()
  return (
    <Form.Item
      name="source"
      label={label}
      rules={[{ required: needed, whitespace: needed, message: t('track.sourceNeeded') }]}
    >
      <Input maxLength={500} autoComplete="off" />
    </Form.Item>
  )
}

function ReasonField({ needed }: { needed: boolean }) {
  const { t } = useText()
  return (
    <Form.Item
      name="reason"
      label={t('choose.reason')}
      rules={[{ required: needed, whitespace: needed, message: t('choose.reasonNeeded') }]}
    >
      <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} />
    </Form.Item>
  )
}

/** About says before the act what it will meet: what the stage demands, the plan as it is, what is taken back with it. */
function About({ track, stage, act }: { track: Track; stage: Stage; act: Act }) {
  const { t, lang } = useText()
  const guard = stage.guard && nameIn(lang, stage.guard.text, stage.guard.text_en)
  const gone = act === 'rollback' ? takenWith(track.stages ?? [], stage.code) : []
  return (
    <>
      {evidenced.includes(act) && guard && <p className="pb-sub-guard">{guard}</p>}
      {act === 'plan' && stage.planned && (
        <p>
          {t('track.planNow', { day: day(stage.planned.day, lang) })}
          {stage.planned.reason && <span className="pb-soft"> · {stage.planned.reason}</span>}
        </p>
      )}
      {gone.length > 0 && (
        <Alert
          type="warning"
          showIcon
          role="note"
          className="pb-sub-alert"
          title={t('track.takenWith', {
            stages: gone.map(({ name, name_en }) => nameIn(lang, name, name_en)).join(t('app.comma')),
          })}
        />
      )}
    </>
  )
}

interface EvidenceProps {
  track: Track
  stage: string
  papers: Draft[]
  ticked: string[]
  onPapers: (papers: Draft[]) => void
  onTicked: (ids: string[]) => void
}

function Evidence({ track, stage, papers, ticked, onPapers, onTicked }: EvidenceProps) {
  const { lang } = useText()
  const evidence = useEvidence(track)
  return (
    <>
      <Loaded query={evidence} height={80}>
        {(items) => (
          <Ticked
            items={items}
            stage={stage}
            stageName={(code) => stageNameOf(track.stages, code, lang)}
            ticked={ticked}
            onChange={onTicked}
          />
        )}
      </Loaded>
      <Drafts drafts={papers} stage={stage} onChange={onPapers} />
    </>
  )
}
