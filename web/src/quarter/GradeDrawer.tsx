import { Form, Input, Radio } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { useGrade } from './http'
import type { Review } from './types'
import { earlierGrades, gradeOf } from './view'

/** Graded is what is graded: a site, an office below a city, or the whole (""). */
export interface Graded {
  site: string
  name: string
}

interface Entry {
  grade: string
  remark?: string
}

/** GradeDrawer gives a grade and a remark; the ones before stay in sight. */
export function GradeDrawer({ review, of, onClose }: { review: Review; of: Graded; onClose: () => void }) {
  const { t, lang } = useText()
  const [form] = Form.useForm<Entry>()
  const save = useGrade(review.id, onClose)
  const now = gradeOf(review.grades, of.site)
  const before = [...(now ? [now] : []), ...earlierGrades(review.grades, of.site)]
  return (
    <FormDrawer<Entry>
      open
      title={t('quarter.gradeOf', { name: of.name })}
      note={nameIn(lang, review.scale_note, review.scale_note_en)}
      onClose={onClose}
      form={form}
      initial={{ grade: now?.grade, remark: now?.remark ?? '' }}
      saving={save.isPending}
      error={save.error}
      onSave={({ grade, remark }) =>
        save.mutate({ site: of.site, grade, remark: remark?.trim() || undefined })
      }
    >
      <Form.Item
        name="grade"
        label={t('quarter.grade')}
        rules={[{ required: true, message: t('quarter.gradeNeeded') }]}
      >
        <Radio.Group
          options={(review.scale ?? []).map(({ code, name, name_en, basis }) => ({
            value: code,
            label: `${nameIn(lang, name, name_en)}${basis === 'assumed' ? ` (${t('ruleBasis.assumed')})` : ''}`,
          }))}
        />
      </Form.Item>
      <Form.Item name="remark" label={t('quarter.remark')}>
        <Input.TextArea maxLength={2000} autoSize={{ minRows: 3, maxRows: 10 }} />
      </Form.Item>
      {before.length > 0 && (
        <details className="pb-quart-before">
          <summary>{t('quarter.given', { count: before.length })}</summary>
          <ul>
            {before.map(({ seq, grade_name, grade_name_en, remark, actor, at }) => (
              <li key={seq}>
                {nameIn(lang, grade_name, grade_name_en)} {remark}{' '}
                <span className="pb-soft">
                  {actor} · {moment(at, lang)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </FormDrawer>
  )
}
