import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { api, ask } from '../shared/api'
import { FileField } from '../shared/FileField'
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
    <div className="pb-page pb-imports">
      <PageHead title={t('imports.upload')} note={t('imports.note')} />
      {can(me, 'park.import') ? (
        <Upload />
      ) : (
        <Panel title={t('imports.file')}>
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

  function choose(next: File) {
    setFile(next)
    upload.reset()
    upload.mutate({ file: next, dryRun: true })
  }

  return (
    <>
      <Panel title={t('imports.file')} note={t('imports.forms')}>
        <FileField
          accept=".csv,.xlsx"
          busy={upload.isPending}
          status={upload.isPending ? t('imports.checking') : (file?.name ?? '')}
          onChoose={choose}
        />
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
