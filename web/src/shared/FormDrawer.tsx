// FormDrawer is a form in a drawer with its own save button and the server's refusal shown above the fields.
import { Alert, Button, Drawer, Form, type FormInstance } from 'antd'
import type { ReactNode } from 'react'
import { ApiError } from './api'
import { useText } from './i18n'

interface FormDrawerProps<Values> {
  title: string
  open: boolean
  onClose: () => void
  onSave: (values: Values) => void
  saving: boolean
  error: unknown
  form: FormInstance<Values>
  initial?: Partial<Values>
  note?: ReactNode
  save?: string
  /** For drawers whose buttons stand among the fields. */
  hideSave?: boolean
  children: ReactNode
}

export function FormDrawer<Values extends object>(props: FormDrawerProps<Values>) {
  const { t } = useText()
  return (
    <Drawer
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      size={480}
      destroyOnHidden
      classNames={{ wrapper: 'pb-drawer' }}
    >
      {props.note && <p className="pb-soft">{props.note}</p>}
      {props.error ? <Refusal error={props.error} /> : null}
      <Form<Values>
        form={props.form}
        layout="vertical"
        requiredMark={false}
        preserve={false}
        initialValues={props.initial}
        onFinish={props.onSave}
        disabled={props.saving}
      >
        {props.children}
        {!props.hideSave && (
          <Button type="primary" htmlType="submit" loading={props.saving}>
            {props.save ?? t('action.save')}
          </Button>
        )}
      </Form>
    </Drawer>
  )
}

export function Refusal({ error }: { error: unknown }) {
  const { t } = useText()
  const refused = error instanceof ApiError ? error : null
  const fields = refused?.fields.map(({ message }) => message) ?? []
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      style={{ marginBottom: 14 }}
      title={refused?.status === 412 ? t('state.stale') : (refused?.message ?? t('state.failed'))}
      description={fields.length > 0 ? fields.join(t('app.semicolon')) : undefined}
    />
  )
}
