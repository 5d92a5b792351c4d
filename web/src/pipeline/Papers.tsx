import { Button, Checkbox, Input, Select } from 'antd'
import { useId } from 'react'
import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import { type Evidence, type Grade, grades } from './types'
import type { Draft } from './useStep'

const accept = '.jpg,.jpeg,.png,.webp,.pdf,.xlsx,.docx,.ofd'

let lastKey = 0 // no two drafts share a key, whichever form they belong to

interface DraftsProps {
  drafts: readonly Draft[]
  stage: string
  onChange: (drafts: Draft[]) => void
}

/** Drafts are the papers to be handed in with a step, each with its grade. */
export function Drafts({ drafts, stage, onChange }: DraftsProps) {
  const { t } = useText()
  const change = (key: number, part: Partial<Draft>) =>
    onChange(drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)))
  const add = () =>
    onChange([...drafts, { key: ++lastKey, stage, grade: 'record', title: '', number: '', file: null }])
  return (
    <fieldset className="pb-pipe-papers">
      <legend>{t('pipeline.newPapers')}</legend>
      {drafts.map((draft, at) => (
        <DraftFields
          key={draft.key}
          draft={draft}
          no={at + 1}
          onChange={(part) => change(draft.key, part)}
          onDrop={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
        />
      ))}
      <Button onClick={add}>{t('pipeline.addPaper')}</Button>
    </fieldset>
  )
}

interface DraftFieldsProps {
  draft: Draft
  no: number
  onChange: (part: Partial<Draft>) => void
  onDrop: () => void
}

function DraftFields({ draft, no, onChange, onDrop }: DraftFieldsProps) {
  const { t } = useText()
  const id = useId()
  return (
    <fieldset className="pb-pipe-paper" aria-label={t('pipeline.paperNo', { no })}>
      <div className="pb-pipe-two">
        <label htmlFor={`${id}-grade`}>
          {t('pipeline.grade')}
          <Select<Grade>
            id={`${id}-grade`}
            value={draft.grade}
            onChange={(grade) => onChange({ grade })}
            options={grades.map((value) => ({ value, label: t(`pipelineGrade.${value}`) }))}
          />
        </label>
        <label htmlFor={`${id}-number`}>
          {t('pipeline.number')}
          <Input
            id={`${id}-number`}
            value={draft.number}
            maxLength={80}
            onChange={({ target }) => onChange({ number: target.value })}
          />
        </label>
      </div>
      <label htmlFor={`${id}-title`}>
        {t('pipeline.paperTitle')}
        <Input
          id={`${id}-title`}
          value={draft.title}
          maxLength={120}
          onChange={({ target }) => onChange({ title: target.value })}
        />
      </label>
      <label htmlFor={`${id}-file`}>
        {t('pipeline.file')}
        <input
          id={`${id}-file`}
          type="file"
          accept={accept}
          onChange={({ target }) => {
            const file = target.files?.[0] ?? null
            onChange({ file, title: draft.title || (file?.name ?? '') })
          }}
        />
      </label>
      <Button onClick={onDrop} aria-label={t('pipeline.dropPaperNo', { no })}>
        {t('pipeline.dropPaper')}
      </Button>
    </fieldset>
  )
}

interface TickedProps {
  items: readonly Evidence[]
  stage: string
  stageName: (code: string) => string
  ticked: readonly string[]
  onChange: (ids: string[]) => void
}

/** Ticked are the papers that are here already, those of the stage first. */
export function Ticked({ items, stage, stageName, ticked, onChange }: TickedProps) {
  const { t, lang } = useText()
  const live = items.filter(({ withdrawn_at }) => !withdrawn_at)
  const ordered = [
    ...live.filter((item) => item.stage === stage),
    ...live.filter((item) => item.stage !== stage),
  ]
  return (
    <fieldset className="pb-pipe-papers">
      <legend>{t('pipeline.papersHere')}</legend>
      {ordered.length === 0 && <p className="pb-soft">{t('pipeline.noPapers')}</p>}
      {ordered.map(({ id, title, grade, stage, number, issued, file_name }) => (
        <Checkbox
          key={id}
          checked={ticked.includes(id)}
          onChange={({ target }) =>
            onChange(target.checked ? [...ticked, id] : ticked.filter((other) => other !== id))
          }
        >
          {title || file_name || number}{' '}
          <small className="pb-soft">
            {[
              t(`pipelineGrade.${grade}`, grade),
              stage && stageName(stage),
              number,
              issued && day(issued, lang),
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </Checkbox>
      ))}
    </fieldset>
  )
}
