import { Form, Input, Radio, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { useScope } from '../shell/scope'
import { DueField, OwnerFields } from './parts'
import { useOpen, useSubjects } from './queries'
import { type NewProblem, type ProblemPage, type SubjectKind, subjectKinds } from './types'

interface OpenDrawerProps {
  onClose: () => void
  onDone: (problem: ProblemPage) => void
  /** What the problem is about, where the page knows it. */
  about?: { kind: SubjectKind; id: string; name: string }
  /** Id of the quarter review that it follows from. */
  review?: string
}

/** OpenDrawer puts a problem on the list. */
export function OpenDrawer({ onClose, onDone, about, review }: OpenDrawerProps) {
  const { t } = useText()
  const [form] = Form.useForm<NewProblem>()
  const kind = Form.useWatch('kind', form) ?? about?.kind ?? 'project'
  const subject = Form.useWatch('subject', form) ?? about?.id
  const save = useOpen(onDone)
  return (
    <FormDrawer<NewProblem>
      open
      title={about ? t('problem.addAbout', { name: about.name }) : t('problem.add')}
      onClose={onClose}
      form={form}
      initial={{ kind: about?.kind ?? 'project', title: '', owner: '', owner_org: '' }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) =>
        save.mutate({
          kind: about?.kind ?? entry.kind,
          subject: about?.id ?? entry.subject,
          title: entry.title.trim(),
          body: entry.body?.trim() || undefined,
          owner: entry.owner || undefined,
          owner_org: entry.owner_org || undefined,
          due: entry.due?.trim() || undefined,
          review,
        })
      }
    >
      {!about && (
        <>
          <Form.Item name="kind" label={t('problem.kind')}>
            <Radio.Group
              onChange={() => form.setFieldValue('subject', undefined)}
              options={subjectKinds.map((value) => ({ value, label: t(`problemKind.${value}`) }))}
            />
          </Form.Item>
          <Form.Item
            name="subject"
            label={t('problem.subject')}
            rules={[{ required: true, message: t('problem.subjectNeeded') }]}
          >
            <SubjectSelect kind={kind} />
          </Form.Item>
        </>
      )}
      <Form.Item
        name="title"
        label={t('problem.problem')}
        rules={[{ required: true, whitespace: true, message: t('problem.titleNeeded') }]}
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="body" label={t('problem.body')}>
        <Input.TextArea maxLength={4000} autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <OwnerFields subject={subject ? { kind, id: subject } : undefined} />
      <DueField required={false} />
    </FormDrawer>
  )
}

interface SubjectSelectProps {
  kind: SubjectKind
  id?: string
  value?: string
  onChange?: (value: string) => void
}

function SubjectSelect({ kind, ...field }: SubjectSelectProps) {
  const { t } = useText()
  const { org } = useScope()
  const [text, setText] = useState('')
  const hits = useSubjects(kind, useDeferredValue(text.trim()), org)
  return (
    <Select
      {...field}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={hits.isFetching}
      placeholder={t('problem.subjectHint')}
      notFoundContent={t(hits.isPending ? 'state.loading' : 'state.empty')}
      options={(hits.data ?? []).map(({ id, name, where }) => ({
        value: id,
        label: where ? `${name} · ${where}` : name,
      }))}
    />
  )
}
