import { useSearch } from '@tanstack/react-router'
import { Alert, Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { FileField } from '../shared/FileField'
import { Refusal } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { useSetSearch } from '../shell/scope'
import { Changes } from './Changes'
import { Counts } from './Counts'
import { deeds, useDeed, useForms } from './intakes'
import { Problems } from './Problems'
import { repeated } from './problems'
import { Skipped } from './Skipped'
import type { Intake, IntakeReport, Problem } from './types'

/** CheckStep says what the check found and offers the ways on: commit, mend the file, correct the mapping. */
export function CheckStep({ intake }: { intake: Intake }) {
  const { t } = useText()
  const setSearch = useSetSearch()
  const report = intake.report
  const toMapping = <Button onClick={() => setSearch({ step: 'map' })}>{t('intake.toMapping')}</Button>
  if (!report || report.failure) {
    return (
      <Panel title={t('intake.result')}>
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t('intake.failed')}
          description={intake.report?.failure?.message}
        />
        <div className="pb-commit">{toMapping}</div>
      </Panel>
    )
  }
  const problems = report.problems ?? []
  return (
    <>
      <Panel title={t('intake.result')} note={t('intake.resultNote')} extra={toMapping}>
        <Counts report={report} />
        {report.moved && <Alert type="info" showIcon role="status" title={t('intake.moved')} />}
        <Commit intake={intake} report={report} />
      </Panel>
      <SameText intake={intake} problems={problems} />
      {problems.length > 0 && <Mend intake={intake} wrong={report.bad > 0} />}
      {problems.length > 0 && <Problems intake={intake} report={report} />}
      <Changes intake={intake} report={report} />
      <Skipped report={report} />
    </>
  )
}

/** Commit writes the rows: all of them, or the good ones while the rest is mended. */
function Commit({ intake, report }: { intake: Intake; report: IntakeReport }) {
  const { t } = useText()
  const forms = useForms()
  const [submit, setSubmit] = useState(false)
  const [reason, setReason] = useState('')
  const form = forms.data?.find(({ code }) => code === intake.form)
  const commit = useDeed(intake.id, (onlyGood: boolean) =>
    deeds.commit(intake.id, { only_good: onlyGood, submit, reason: reason.trim() || undefined }),
  )
  const rows = report.new + report.changed
  const left = report.bad + report.conflicting
  if (rows === 0) return <p role="status">{t(left > 0 ? 'intake.nothingGood' : 'intake.nothingNew')}</p>
  return (
    <>
      {commit.isError && <Refusal error={commit.error} />}
      <div className="pb-commit">
        {left === 0 && (
          <Button
            type="primary"
            disabled={!report.can_commit}
            loading={commit.isPending}
            onClick={() => commit.mutate(false)}
          >
            {t('intake.commitAll', { count: rows })}
          </Button>
        )}
        {left > 0 && (
          <Button loading={commit.isPending} onClick={() => commit.mutate(true)}>
            {t('intake.commitGood', { count: rows, left })}
          </Button>
        )}
        {form?.chain && form.chain.length > 0 && (
          <Checkbox checked={submit} onChange={({ target }) => setSubmit(target.checked)}>
            {t('intake.submit')}
          </Checkbox>
        )}
        {intake.period && (
          <Input
            aria-label={t('intake.closedReason')}
            placeholder={t('intake.closedReason')}
            value={reason}
            maxLength={500}
            onChange={({ target }) => setReason(target.value)}
            style={{ width: 260 }}
          />
        )}
        <span className="pb-soft">{t(left > 0 ? 'intake.commitGoodNote' : 'intake.commitNote')}</span>
      </div>
    </>
  )
}

const mostOffers = 4

/** SameText offers to read a text that many cells have as "unknown", and checks again. */
function SameText({ intake, problems }: { intake: Intake; problems: Problem[] }) {
  const { t } = useText()
  const offers = repeated(problems).slice(0, mostOffers)
  const again = useDeed(intake.id, (text: string) => {
    const { mapping } = intake
    const columns = mapping?.columns ?? []
    const unknown = [...(mapping?.unknown ?? []), text]
    return deeds.map(intake.id, {
      version: intake.version,
      mapping: mapping && { ...mapping, columns, unknown },
      save: true,
    })
  })
  if (offers.length === 0 || !intake.mapping) return null
  return (
    <Panel title={t('intake.sameText')} note={t('intake.sameTextNote')}>
      <div className="pb-offers">
        {offers.map(({ text, count }) => (
          <Button key={text} loading={again.isPending} onClick={() => again.mutate(text)}>
            {t('intake.sameTextUnknown', { text, count })}
          </Button>
        ))}
      </div>
      {again.isError && <Refusal error={again.error} />}
    </Panel>
  )
}

/** Mend gives the user's own workbook back with the wrong cells marked, and takes the mended file. */
function Mend({ intake, wrong }: { intake: Intake; wrong: boolean }) {
  const { t } = useText()
  const [file, setFile] = useState<File | null>(null)
  const mend = useDeed(intake.id, (next: File) => deeds.mend(intake.id, next))
  const send = (next: File) => {
    setFile(next)
    mend.mutate(next)
  }
  return (
    <Panel title={t('intake.mend')} note={t('intake.mendNote')}>
      <div className="pb-mend">
        <Button
          type={wrong ? 'primary' : 'default'}
          href={`/api/v1/intakes/${encodeURIComponent(intake.id)}/answer`}
          download
        >
          {t('intake.answer')}
        </Button>
        <FileField
          accept=".xlsx,.xls,.csv"
          label={t('intake.mended')}
          busy={mend.isPending}
          status={mend.isPending ? t('intake.uploading', { name: file?.name }) : (file?.name ?? '')}
          onChoose={send}
        />
      </div>
      {mend.isError && (
        <>
          <Refusal error={mend.error} />
          {file && <Button onClick={() => mend.mutate(file)}>{t('action.retry')}</Button>}
        </>
      )}
    </Panel>
  )
}

/** useCell is the cell that the address names. */
export function useCell(): [string | undefined, (cell: string | undefined) => void] {
  const { cell } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  return [cell, (next) => setSearch({ cell: next }, true)]
}
