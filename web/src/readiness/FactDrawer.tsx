import { Form, Input, Select } from 'antd'
import { FormDrawer } from '../shared/FormDrawer'
import { useText } from '../shared/i18n'
import { calls } from './http'
import { useSaveOf } from './queries'
import { type Detail, type Fact, factWords } from './types'
import { type FactEntry, factOf, ofMonth, ofYear } from './view'

const wholeDay = /^\d{4}-\d{2}-\d{2}$/
const wholeMonth = /^\d{4}-\d{2}$/
const wholeYear = /^\d{4}$/
const plainNumber = /^\d[\d,]*(\.\d+)?$/

interface DrawerProps {
  detail: Detail
  onClose: () => void
}

/** FactDrawer writes down what the bureau said. Being in the list takes the bureau's word and a month. */
export function FactDrawer({ detail, onClose }: DrawerProps) {
  const { t } = useText()
  const [form] = Form.useForm<FactEntry>()
  const word = Form.useWatch('fact', form) ?? 'applied'
  const save = useSaveOf(
    detail.enterprise,
    (entry: FactEntry) => calls.addFact(detail.enterprise, factOf(entry)),
    onClose,
  )
  return (
    <FormDrawer<FactEntry>
      open
      title={t('ready.addFact')}
      note={t('ready.addFactNote')}
      onClose={onClose}
      form={form}
      initial={{ fact: 'applied', day: detail.today }}
      saving={save.isPending}
      error={save.error}
      onSave={(entry) => save.mutate(entry)}
    >
      <Form.Item name="fact" label={t('ready.fact')}>
        <Select options={factWords.map((value) => ({ value, label: t(`readyFact.${value}`) }))} />
      </Form.Item>
      <DayField />
      {ofMonth(word) && (
        <Form.Item
          name="month"
          label={t('ready.sinceMonth')}
          extra={t('ready.monthForm')}
          rules={[{ required: true, pattern: wholeMonth, message: t('ready.monthForm') }]}
        >
          <Input autoComplete="off" />
        </Form.Item>
      )}
      {ofYear(word) && (
        <>
          <Form.Item
            name="year"
            label={t('ready.ofYear')}
            extra={t('ready.ofYearNote')}
            rules={[{ pattern: wholeYear, message: t('ready.yearForm') }]}
          >
            <Input inputMode="numeric" autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="amount"
            label={t('ready.amount')}
            rules={[{ required: true, pattern: plainNumber, message: t('promise.plainNumber') }]}
          >
            <Input inputMode="decimal" autoComplete="off" />
          </Form.Item>
        </>
      )}
      <SourceField />
    </FormDrawer>
  )
}

/** VoidDrawer takes back the fact that stands; it stays in sight with who took it back and why. */
export function VoidDrawer({ detail, fact, onClose }: DrawerProps & { fact: Fact }) {
  const { t } = useText()
  const [form] = Form.useForm<{ day: string; source: string }>()
  const save = useSaveOf(
    detail.enterprise,
    ({ day, source }: { day: string; source: string }) =>
      calls.addFact(detail.enterprise, { fact: fact.fact, day, source: source.trim(), void: true }),
    onClose,
  )
  return (
    <FormDrawer<{ day: string; source: string }>
      open
      title={t('ready.takeBackOf', { fact: t(`readyFact.${fact.fact}`) })}
      note={t('ready.takeBackNote')}
      onClose={onClose}
      form={form}
      initial={{ day: detail.today }}
      saving={save.isPending}
      error={save.error}
      save={t('ready.takeBack')}
      onSave={(entry) => save.mutate(entry)}
    >
      <DayField />
      <SourceField />
    </FormDrawer>
  )
}

function DayField() {
  const { t } = useText()
  return (
    <Form.Item
      name="day"
      label={t('ready.factDay')}
      extra={t('ready.dayForm')}
      rules={[{ required: true, pattern: wholeDay, message: t('ready.dayForm') }]}
    >
      <Input autoComplete="off" />
    </Form.Item>
  )
}

function SourceField() {
  const { t } = useText()
  return (
    <Form.Item
      name="source"
      label={t('record.source')}
      extra={t('ready.sourceHint')}
      rules={[{ required: true, whitespace: true, message: t('record.sourceNeeded') }]}
    >
      <Input.TextArea maxLength={500} autoSize={{ minRows: 1, maxRows: 4 }} />
    </Form.Item>
  )
}
