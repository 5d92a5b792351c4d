import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useMe } from '../session/session'
import { FileField } from '../shared/FileField'
import { Refusal } from '../shared/FormDrawer'
import { periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { useScope, useSetSearch } from '../shell/scope'
import { begin, useForms } from './intakes'
import { SubjectSelect } from './SubjectSelect'
import { formPeriods, presentPeriod, templateAddress } from './subject'
import type { FormHead } from './types'

/** StartPanel asks what a file is for and takes it. The choice lives in the address, so that a task can link here. */
export function StartPanel() {
  const { t } = useText()
  const forms = useForms()
  return (
    <Panel title={t('intake.start')} note={t('intake.startNote')}>
      <Loaded query={forms} height={180}>
        {(items) => <Start forms={items} />}
      </Loaded>
    </Panel>
  )
}

function Start({ forms }: { forms: FormHead[] }) {
  const { t, lang } = useText()
  const me = useMe()
  const { org } = useScope()
  const { form: code, subject, for: asked } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const form = forms.find((one) => one.code === code)
  const period = form ? presentPeriod(form, asked, me) : ''
  const needsSubject = form?.list === true && !subject
  const upload = useMutation({
    mutationFn: (sent: File) =>
      begin({
        file: sent,
        form: form?.code,
        subject_kind: subject ? form?.subject : undefined,
        subject,
        period,
        org: form ? org : undefined,
      }),
    onSuccess: (intake) => {
      client.setQueryData(['intake', intake.id], intake)
      client.invalidateQueries({ queryKey: ['intakes'] })
      navigate({ to: '/imports/$id', params: { id: intake.id } })
    },
  })
  const send = (next: File) => {
    setFile(next)
    upload.mutate(next)
  }
  const template = form && templateAddress(form, subject, period)
  return (
    <div className="pb-intake-start">
      <div className="pb-filters">
        <Labelled text={t('intake.form')}>
          <Select
            aria-label={t('intake.form')}
            value={form?.code ?? ''}
            onChange={(next) => setSearch({ form: next || undefined, subject: undefined })}
            options={[
              { value: '', label: t('intake.recognise') },
              ...forms.map((one) => ({ value: one.code, label: nameIn(lang, one.name, one.name_en) })),
            ]}
            style={{ width: 260 }}
          />
        </Labelled>
        {form && form.every !== 'standing' && (
          <Labelled text={t('intake.period')}>
            <Select
              aria-label={t('intake.period')}
              value={period}
              onChange={(next) => setSearch({ for: next })}
              options={formPeriods(form, me).map((value) => ({ value, label: periodName(value, lang) }))}
              style={{ width: 150 }}
            />
          </Labelled>
        )}
        {form && (
          <Labelled text={t('intake.subject')}>
            <SubjectSelect form={form} value={subject} onChange={(next) => setSearch({ subject: next })} />
          </Labelled>
        )}
        {template && <a href={template}>{t('intake.template')}</a>}
      </div>
      <p className="pb-soft">
        {t(form ? (form.list ? 'intake.listNote' : 'intake.rowsNote') : 'intake.recogniseNote')}
      </p>
      {needsSubject ? (
        <p role="status">{t('intake.subjectNeeded')}</p>
      ) : (
        <FileField
          accept=".xlsx,.xls,.csv"
          busy={upload.isPending}
          status={upload.isPending ? t('intake.uploading', { name: file?.name }) : (file?.name ?? '')}
          onChoose={send}
        />
      )}
      {upload.isError && (
        <>
          <Refusal error={upload.error} />
          {file && (
            <div className="pb-filters">
              <Button onClick={() => upload.mutate(file)}>{t('action.retry')}</Button>
              <span className="pb-soft">{t('intake.fileKept', { name: file.name })}</span>
            </div>
          )}
        </>
      )}
    </div>
  )
}

/** Labelled writes a word before a control that carries the same word as its accessible name. */
export function Labelled({ text, children }: { text: string; children: ReactNode }) {
  return (
    <span className="pb-labelled">
      <span aria-hidden="true">{text}</span>
      {children}
    </span>
  )
}
