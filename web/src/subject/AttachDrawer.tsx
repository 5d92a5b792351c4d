import { Form, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { FileField } from '../shared/FileField'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import { calls } from './http'
import { useSaveOf } from './queries'
import { type Grade, grades, type NewEvidence, type Track } from './types'
import { dated } from './words'

const accept = '.jpg,.jpeg,.png,.webp,.pdf,.xlsx,.docx,.ofd'

type Entry = Omit<NewEvidence, 'file'>

/** AttachDrawer takes one piece of evidence, with a file or with a number. */
export function AttachDrawer({
  track,
  stage,
  onClose,
}: {
  track: Track
  stage: string
  onClose: () => void
}) {
  const { t, lang } = useText()
  const [form] = Form.useForm<Entry>()
  const [file, setFile] = useState<File | null>(null)
  const grade = Form.useWatch('grade', form) ?? 'permit'
  const save = useSaveOf((entry: NewEvidence) => calls.attach(track, entry), onClose)
  function choose(chosen: File) {
    setFile(chosen)
    if (!form.getFieldValue('title')) form.setFieldValue('title', chosen.name.replace(/\.\w+$/, ''))
  }
  return (
    <FormDrawer<Entry>
      open
      title={t('evidence.add')}
      note={t('evidence.addNote')}
      onClose={onClose}
      form={form}
      initial={{ stage, grade: 'permit', title: '' }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate({ ...entry, file })}
    >
      <Form.Item name="grade" label={t('evidence.grade')} extra={t(`evidenceNeeds.${grade}`)}>
        <Radio.Group
          options={grades.map((value: Grade) => ({ value, label: t(`evidenceGrade.${value}`) }))}
        />
      </Form.Item>
      <Form.Item label={t('evidence.file')} extra={t('evidence.fileKinds')}>
        <FileField
          accept={grade === 'photo' ? '.jpg,.jpeg,.png,.webp' : accept}
          label={t('evidence.choose')}
          status={file?.name ?? t('evidence.noFile')}
          busy={save.isPending}
          onChoose={choose}
        />
      </Form.Item>
      <Form.Item
        name="title"
        label={t('evidence.name')}
        rules={[{ required: true, whitespace: true, message: t('evidence.nameNeeded') }]}
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="stage" label={t('evidence.stage')}>
        <Select
          options={[
            ...(track.stages ?? []).map(({ code, name, name_en }) => ({
              value: code,
              label: nameIn(lang, name, name_en),
            })),
            { value: '', label: t('evidence.noStage') },
          ]}
        />
      </Form.Item>
      <Form.Item name="number" label={t('evidence.number')}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Validity />
      <Form.Item name="note" label={t('evidence.note')}>
        <Input.TextArea maxLength={1000} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
    </FormDrawer>
  )
}

function Validity() {
  const { t } = useText()
  return (
    <div className="pb-sub-two">
      <Form.Item
        name="issued"
        label={t('evidence.issued')}
        rules={[{ pattern: dated, message: t('record.dateForm') }]}
      >
        <Input placeholder="2024-06-30" autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="expires"
        label={t('evidence.validTo')}
        rules={[{ pattern: dated, message: t('record.dateForm') }]}
      >
        <Input placeholder="2027-06-30" autoComplete="off" />
      </Form.Item>
    </div>
  )
}
