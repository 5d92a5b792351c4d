import { Alert, Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { calls } from './http'
import { changed, type Entry, type Line, standingOf, unitOf } from './promised'
import { useSaveOf } from './queries'
import { type Asked, bases, measures, type NewPromise, type Promises, type Track } from './types'
import { clockOf } from './words'

interface PromiseDrawerProps {
  track: Track
  promises: Promises
  asked: Asked
  onClose: () => void
}

/** PromiseDrawer records what was promised, year by year. What stood before stays in the record, with the reason. */
export function PromiseDrawer({ track, promises, asked, onClose }: PromiseDrawerProps) {
  const { t, lang } = useText()
  const [form] = Form.useForm<Entry>()
  const measure = Form.useWatch('measure', form) ?? asked.measure
  const basis = Form.useWatch('basis', form) ?? asked.basis
  const standing = standingOf(promises, asked)
  const clock = clockOf(standing[0]?.clock ?? 'production')
  const save = useSaveOf((items: NewPromise[]) => calls.promise(track, items), onClose)
  return (
    <FormDrawer<Entry>
      open
      title={t(asked.fixed ? 'promise.change' : 'promise.add')}
      note={t('promise.addNote')}
      onClose={onClose}
      form={form}
      initial={{
        ...asked,
        ...clock,
        source: standing[0]?.source ?? '',
        lines:
          standing.length > 0
            ? standing.map(({ year, value }) => ({ year, value }))
            : [{ year: 1, value: '' }],
      }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate(changed(entry, asked, standing))}
    >
      <div className="pb-sub-two">
        <Form.Item name="measure" label={t('promise.measure')}>
          <Select
            disabled={asked.fixed}
            options={measures.map((value) => ({ value, label: t(`promiseMeasure.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="basis" label={t('promise.basis')}>
          <Select
            disabled={asked.fixed}
            options={bases.map((value) => ({ value, label: t(`promiseBasis.${value}`) }))}
          />
        </Form.Item>
      </div>
      <Years unit={unitIn(unitOf(measure, basis))} />
      <div className="pb-sub-two">
        <Form.Item name="stage" label={t('promise.clockStage')}>
          <Select
            options={(track.stages ?? []).map(({ code, name, name_en }) => ({
              value: code,
              label: nameIn(lang, name, name_en),
            }))}
          />
        </Form.Item>
        <Form.Item name="months" label={t('promise.clockMonths')}>
          <InputNumber min={0} max={120} precision={0} style={{ width: '100%' }} />
        </Form.Item>
      </div>
      <Form.Item name="calendar" valuePropName="checked">
        <Checkbox>{t('promise.clockYear')}</Checkbox>
      </Form.Item>
      <Form.Item
        name="source"
        label={t('promise.source')}
        rules={[{ required: true, whitespace: true, message: t('record.sourceNeeded') }]}
      >
        <Input maxLength={500} autoComplete="off" />
      </Form.Item>
      <Form.Item name="reason" label={t('promise.reason')} extra={t('promise.reasonNote')}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
    </FormDrawer>
  )
}

function Years({ unit }: { unit: string }) {
  const { t } = useText()
  return (
    <Form.List
      name="lines"
      rules={[
        {
          validator: (_, lines: (Line | undefined)[] = []) => {
            const years = lines.map((line) => line?.year)
            return new Set(years).size === years.length && years.length > 0
              ? Promise.resolve()
              : Promise.reject(new Error(t('promise.yearTwice')))
          },
        },
      ]}
    >
      {(lines, { add, remove }, { errors }) => (
        <fieldset className="pb-sub-fieldset">
          <legend>{t('promise.years')}</legend>
          <p className="pb-soft">{t('promise.yearsNote')}</p>
          {lines.map(({ key, name }, at) => (
            <div key={key} className="pb-sub-line">
              <Form.Item name={[name, 'year']} noStyle rules={[{ required: true }]}>
                <InputNumber
                  min={0}
                  max={30}
                  precision={0}
                  aria-label={t('promise.yearNo', { no: at + 1 })}
                />
              </Form.Item>
              <Form.Item
                name={[name, 'value']}
                rules={[{ pattern: /^\d[\d,]*(\.\d+)?$/, message: t('promise.plainNumber') }]}
              >
                <Input
                  inputMode="decimal"
                  suffix={unit}
                  autoComplete="off"
                  aria-label={t('promise.valueNo', { no: at + 1 })}
                />
              </Form.Item>
              <Button onClick={() => remove(name)} aria-label={t('promise.removeNo', { no: at + 1 })}>
                {t('promise.remove')}
              </Button>
            </div>
          ))}
          {errors.length > 0 && <Alert type="error" title={errors} className="pb-sub-alert" />}
          <Button onClick={() => add({ year: lines.length + 1, value: '' })}>{t('promise.addYear')}</Button>
        </fieldset>
      )}
    </Form.List>
  )
}
