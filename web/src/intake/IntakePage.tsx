import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button, Popconfirm } from 'antd'
import { Refusal } from '../shared/FormDrawer'
import { periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded } from '../shared/Panel'
import { CheckStep } from './CheckStep'
import { deeds, useIntake } from './intakes'
import { MapStep } from './MapStep'
import { Outcome } from './Outcome'
import { Running } from './Running'
import { Steps, stepOf } from './Steps'
import type { Intake } from './types'
import './intake.css'

/** IntakePage leads one file from its mapping to its commit. The address names the intake: a reload goes on where it was. */
export function IntakePage() {
  const { id = '' } = useParams({ strict: false })
  const intake = useIntake(id)
  const { t } = useText()
  return (
    <div className="pb-page pb-intake">
      {!intake.data && <PageHead title={t('page.imports')} />}
      <Loaded query={intake} height={480}>
        {(data) => <Wizard intake={data} />}
      </Loaded>
    </div>
  )
}

function Wizard({ intake }: { intake: Intake }) {
  const { t, lang } = useText()
  const { step: asked } = useSearch({ strict: false })
  const step = stepOf(intake, asked)
  const note = [
    nameIn(lang, intake.form_name, intake.form_name_en),
    intake.subject_name,
    intake.period ? periodName(intake.period, lang) : '',
    intake.files?.at(-1)?.name,
  ].filter(Boolean)
  return (
    <div className="pb-column">
      <PageHead title={t('page.imports')} note={note.join(' · ')}>
        <Link to="/imports">{t('intake.back')}</Link>
        {!['committing', 'committed', 'undone', 'discarded'].includes(intake.state) && (
          <Discard id={intake.id} />
        )}
      </PageHead>
      <Steps now={step} />
      {step === 'map' && <MapStep key={`${intake.version}`} intake={intake} />}
      {step === 'check' &&
        (intake.state === 'checking' ? <Running intake={intake} /> : <CheckStep intake={intake} />)}
      {step === 'commit' &&
        (intake.state === 'committing' ? <Running intake={intake} /> : <Outcome intake={intake} />)}
    </div>
  )
}

function Discard({ id }: { id: string }) {
  const { t } = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const discard = useMutation({
    mutationFn: () => deeds.discard(id),
    onSuccess: () => {
      client.removeQueries({ queryKey: ['intake', id] })
      client.invalidateQueries({ queryKey: ['intakes'] })
      navigate({ to: '/imports' })
    },
  })
  return (
    <>
      {discard.isError && <Refusal error={discard.error} />}
      <Popconfirm
        title={t('intake.discardSure')}
        okText={t('intake.discard')}
        cancelText={t('action.cancel')}
        onConfirm={() => discard.mutate()}
      >
        <Button size="small" loading={discard.isPending}>
          {t('intake.discard')}
        </Button>
      </Popconfirm>
    </>
  )
}
