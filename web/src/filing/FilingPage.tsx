import { Link, useParams } from '@tanstack/react-router'
import { day, moment, periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { Loaded } from '../shared/Panel'
import { Failure } from '../shared/states'
import { useTitle } from '../shared/useTitle'
import { FilingDesk } from './FilingDesk'
import { FilingState, Waiting } from './FilingState'
import { address, useFiling, useForm } from './queries'
import { type Filing, type Form, type Ref, subjectKinds } from './types'
import './filing.css'

/** FilingPage (填报): one form of one subject for one period: to fill in, to send off, to review, to look up. */
export function FilingPage() {
  const { t } = useText()
  const { form: code, kind: named, subject, period } = useParams({ strict: false })
  const kind = subjectKinds.find((known) => known === named)
  useTitle(t('fill.title'))
  if (!code || !kind || !subject || !period) return <Failure error={null} />
  return <OfRef of={{ form: code, kind, subject, period }} />
}

function OfRef({ of }: { of: Ref }) {
  const form = useForm(of.form, of.period)
  const filing = useFiling(of)
  return (
    <div className="pb-page">
      <Loaded query={form} height={60}>
        {(form) => (
          <Loaded query={filing} height={520}>
            {(filing) => <Whole key={address(of)} of={of} form={form} filing={filing} />}
          </Loaded>
        )}
      </Loaded>
    </div>
  )
}

function Whole({ of, form, filing }: { of: Ref; form: Form; filing: Filing }) {
  return (
    <div className="pb-column">
      <Top form={form} filing={filing} />
      <FilingDesk of={of} form={form} filing={filing} />
    </div>
  )
}

/** Top says whose filing of what it is, and how it stands. */
function Top({ form, filing }: { form: Form; filing: Filing }) {
  const { t, lang } = useText()
  const standing = filing.period === '-'
  const period = standing ? undefined : filing.period
  return (
    <>
      <PageHead
        title={`${nameIn(lang, form.name, form.name_en)} · ${filing.subject_name}`}
        note={standing ? t('task.standing') : periodName(filing.period, lang)}
      />
      <p className="pb-filing-line">
        <FilingState state={filing.state} />
        <Waiting filing={filing} chain={form.chain ?? []} />
        {filing.confirmed && <span className="pb-soft">{t('fill.confirmed')}</span>}
        {filing.due && <span className="pb-soft">{t('task.dueDay', { date: day(filing.due, lang) })}</span>}
        {filing.late && <span className="pb-bad-word">{t('task.late')}</span>}
        {filing.submitted_at && (
          <span className="pb-soft">
            {t('fill.submittedBy', { name: filing.submitted_by, at: moment(filing.submitted_at, lang) })}
          </span>
        )}
        <span className="pb-soft">{nameIn(lang, filing.org_name, filing.org_name_en)}</span>
        <Link to="/filings" search={{ form: form.code, period }}>
          {t('fill.backToList')}
        </Link>
      </p>
    </>
  )
}
