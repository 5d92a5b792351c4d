import { useQueryClient } from '@tanstack/react-query'
import { Alert, Form, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import { Loaded } from '../shared/Panel'
import { ConflictView } from './ConflictView'
import { Drafts, Ticked } from './Papers'
import { useEvidence, useTrack } from './queries'
import { type Card, type Deed, deeds, type Track, type TrackStage } from './types'
import { type Draft, useStep } from './useStep'

interface MoveDrawerProps {
  of: Pick<Card, 'kind' | 'id' | 'name'>
  /** Where the card was moved to. */
  stage: string
  onClose: () => void
}

interface Fields {
  stage: string
  deed: Deed
  day: string
  source: string
  reason?: string
}

/** MoveDrawer asks for the evidence of a move. Without what the stage demands the server refuses, and nothing has moved. */
export function MoveDrawer({ of, stage, onClose }: MoveDrawerProps) {
  const { t } = useText()
  const client = useQueryClient()
  const track = useTrack(of.kind, of.id)
  const [form] = Form.useForm<Fields>()
  const [papers, setPapers] = useState<Draft[]>([])
  const [ticked, setTicked] = useState<string[]>([])
  const step = useStep(of, track.data?.version ?? 0, {
    onDone: onClose,
    onKept: (key, id) => {
      setPapers((papers) => papers.filter((paper) => paper.key !== key))
      setTicked((ticked) => [...ticked, id])
      client.invalidateQueries({ queryKey: ['evidence', of.kind, of.id] })
    },
  })
  function save({ stage, deed, day, source, reason = '' }: Fields) {
    const back = deed === 'rollback'
    step.submit({
      deed,
      step: {
        stage,
        day: back ? '' : day,
        source: back ? '' : (source ?? '').trim(),
        reason: reason.trim(),
        evidence: back ? [] : ticked,
      },
      papers: back ? [] : papers.map((paper) => ({ ...paper, stage })),
    })
  }
  const stages = track.data?.stages ?? []
  const first = deedsOf(stages.find(({ code }) => code === stage))[0] ?? 'claim'
  return (
    <FormDrawer<Fields>
      open
      title={t('pipeline.moveTitle', { name: of.name })}
      note={t('pipeline.moveNote')}
      onClose={onClose}
      onSave={save}
      saving={step.saving}
      error={step.error}
      form={form}
      initial={{ stage, day: '', source: '' }}
      save={t('pipeline.send')}
      hideSave={!track.data || step.theirs !== null}
    >
      <Loaded query={track} height={360}>
        {(track) => (
          <>
            <Conflict step={step} track={track} />
            <StepFields track={track} first={first} evidenced={ticked.length + papers.length > 0} />
            <Evidence
              track={track}
              papers={papers}
              ticked={ticked}
              onPapers={setPapers}
              onTicked={setTicked}
            />
          </>
        )}
      </Loaded>
    </FormDrawer>
  )
}

/** deedsOf lists what can be done to a stage; a claim may always be tried, and the server says what is missing. */
function deedsOf(stage: TrackStage | undefined): Deed[] {
  const allowed = deeds.filter((deed) => stage?.can?.includes(deed))
  return allowed.length > 0 ? allowed : ['claim']
}

function Conflict({ step, track }: { step: ReturnType<typeof useStep>; track: Track }) {
  const { lang } = useText()
  if (!step.theirs || !step.last) return null
  return (
    <ConflictView
      theirs={step.theirs}
      mine={{ ...step.last.step, act: step.last.deed }}
      stageName={(code) => stageNameIn(track, code, lang)}
      busy={step.saving}
      onTake={step.take}
      onAgain={step.again}
    />
  )
}

function stageNameIn(track: Track, code: string, lang: 'zh-CN' | 'en'): string {
  const known = track.stages?.find((stage) => stage.code === code)
  return known ? nameIn(lang, known.name, known.name_en) : code
}

interface StepFieldsProps {
  track: Track
  first: Deed
  /** With evidence nobody has to be named who says so. */
  evidenced: boolean
}

function StepFields({ track, first, evidenced }: StepFieldsProps) {
  const { t, lang } = useText()
  const form = Form.useFormInstance<Fields>()
  const code = Form.useWatch('stage', form)
  const deed = Form.useWatch('deed', form) ?? first
  const stages = track.stages ?? []
  const stage = stages.find((known) => known.code === code)
  const allowed = deedsOf(stage)
  const back = deed === 'rollback'
  const guard = stage?.guard && nameIn(lang, stage.guard.text, stage.guard.text_en)
  return (
    <>
      <Form.Item name="stage" label={t('pipeline.toStage')}>
        <Select
          onChange={(next) => {
            const possible = deedsOf(stages.find((known) => known.code === next))
            if (!possible.includes(form.getFieldValue('deed'))) form.setFieldValue('deed', possible[0])
          }}
          options={stages.map((known) => ({
            value: known.code,
            label: `${nameIn(lang, known.name, known.name_en)} · ${t(`pipelineState.${known.state}`)}`,
          }))}
        />
      </Form.Item>
      {stage?.blocked && stage.blocked.key !== 'milestone.guard' && (
        <Alert type="warning" showIcon role="note" title={stage.blocked.message} className="pb-pipe-alert" />
      )}
      {guard && !back && <Alert type="info" showIcon role="note" title={guard} className="pb-pipe-alert" />}
      <Form.Item name="deed" label={t('pipeline.deed')} initialValue={first}>
        <Radio.Group options={allowed.map((value) => ({ value, label: t(`pipelineDeed.${value}`) }))} />
      </Form.Item>
      {!back && (
        <>
          <Form.Item
            name="day"
            label={t('pipeline.day')}
            rules={[{ required: true, message: t('pipeline.dayNeeded') }]}
          >
            <Input type="date" style={{ width: 180 }} />
          </Form.Item>
          <Form.Item
            name="source"
            label={t('pipeline.source')}
            rules={[{ required: !evidenced, whitespace: !evidenced, message: t('pipeline.sourceNeeded') }]}
          >
            <Input maxLength={200} placeholder={t('pipeline.sourceHint')} />
          </Form.Item>
        </>
      )}
      <Form.Item
        name="reason"
        label={t(back ? 'choose.reason' : 'pipeline.remark')}
        rules={back ? [{ required: true, whitespace: true, message: t('choose.reasonNeeded') }] : undefined}
      >
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2, maxRows: 5 }} />
      </Form.Item>
    </>
  )
}

interface EvidenceProps {
  track: Track
  papers: Draft[]
  ticked: string[]
  onPapers: (papers: Draft[]) => void
  onTicked: (ids: string[]) => void
}

function Evidence({ track, papers, ticked, onPapers, onTicked }: EvidenceProps) {
  const { lang } = useText()
  const form = Form.useFormInstance<Fields>()
  const stage = Form.useWatch('stage', form) ?? ''
  const deed = Form.useWatch('deed', form)
  const evidence = useEvidence(track.kind, track.id)
  if (deed === 'rollback') return null
  return (
    <>
      <Loaded query={evidence} height={80}>
        {(items) => (
          <Ticked
            items={items}
            stage={stage}
            stageName={(code) => stageNameIn(track, code, lang)}
            ticked={ticked}
            onChange={onTicked}
          />
        )}
      </Loaded>
      <Drafts drafts={papers} stage={stage} onChange={onPapers} />
    </>
  )
}
