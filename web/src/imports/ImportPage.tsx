import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useRef, useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { api, ask } from '../shared/api'
import { Refusal } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import type { Report } from '../shared/types'
import { Batches } from './Batches'
import { ReportView } from './ReportView'
import './imports.css'

/** ImportPage brings a park list in: first a trial that changes nothing, then, if it is clean, the same file for good. */
export function ImportPage() {
  const { t } = useText()
  const me = useMe()
  return (
    <div className="pb-page">
      <PageHead title={t('page.imports')} note={t('imports.note')} />
      {can(me, 'park.import') ? (
        <Upload />
      ) : (
        <Panel title={t('imports.upload')}>
          <Empty title={t('state.denied')} />
        </Panel>
      )}
      <Batches />
    </div>
  )
}

interface Attempt {
  file: File
  dryRun: boolean
}

function send({ file, dryRun }: Attempt): Promise<Report> {
  const body = new FormData()
  body.append('file', file, file.name)
  return ask(
    api.POST('/api/v1/imports/parks', {
      params: { query: { dry_run: dryRun } },
      body: body as never,
      bodySerializer: () => body,
    }),
  )
}

function Upload() {
  const { t } = useText()
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const upload = useMutation({
    mutationFn: send,
    onSuccess: (report) => {
      if (!report.dry_run) client.invalidateQueries()
    },
  })
  const report = upload.data
  const clean = report?.dry_run && !report.errors?.length && report.new + report.changed > 0

  function choose(next: File | null) {
    setFile(next)
    upload.reset()
    if (next) upload.mutate({ file: next, dryRun: true })
  }

  return (
    <>
      <Panel title={t('imports.upload')} note={t('imports.forms')}>
        <FileField file={file} busy={upload.isPending} onChoose={choose} />
        {upload.isError && <Refusal error={upload.error} />}
        {file && clean && (
          <div className="pb-commit">
            <span>{t('imports.ready', { count: report.new + report.changed })}</span>
            <Button
              type="primary"
              loading={upload.isPending}
              onClick={() => upload.mutate({ file, dryRun: false })}
            >
              {t('imports.commit')}
            </Button>
          </div>
        )}
        {report?.dry_run === false && (
          <Alert type="success" showIcon role="status" title={t('imports.done', { batch: report.batch })} />
        )}
      </Panel>
      {report && <ReportView report={report} />}
    </>
  )
}

interface FileFieldProps {
  file: File | null
  busy: boolean
  onChoose: (file: File | null) => void
}

function FileField({ file, busy, onChoose }: FileFieldProps) {
  const { t } = useText()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <label
      className={`pb-drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onChoose(event.dataTransfer.files[0] ?? null)
      }}
    >
      <input
        ref={input}
        className="pb-hidden"
        type="file"
        accept=".csv,.xlsx"
        disabled={busy}
        onClick={() => {
          if (input.current) input.current.value = '' // the same file again is a new try
        }}
        onChange={(event) => onChoose(event.target.files?.[0] ?? null)}
      />
      <span className="pb-choose">{t('imports.choose')}</span>
      <span>{t('imports.drop')}</span>
      <strong role="status">{busy ? t('imports.checking') : (file?.name ?? '')}</strong>
    </label>
  )
}
