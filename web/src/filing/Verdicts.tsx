// What the rules say of a filing. An error must be mended, a warning wants a reason, a note only tells.
import { Input } from 'antd'
import { useState } from 'react'
import { moment } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Verdict as Judged } from '../shared/Verdict'
import type { Answer } from './http'
import type { Filing, FormItem, Severity, Verdict } from './types'

const order: Record<Severity, number> = { error: 0, warning: 1, note: 2 }

/** verdictKey tells verdicts apart; with other values it is another verdict and wants another answer. */
export const verdictKey = ({ key, rule, about }: Pick<Verdict, 'key' | 'rule' | 'about'>) =>
  [key, rule, about].join('|')

/** standing splits verdicts into what keeps a filing from being sent off and what does not. */
export function blockers(verdicts: Verdict[], reasons: Record<string, string>) {
  const errors = verdicts.filter(({ severity }) => severity === 'error')
  const unanswered = verdicts.filter(
    (verdict) => verdict.severity === 'warning' && !verdict.answer && !reasons[verdictKey(verdict)]?.trim(),
  )
  return { errors, unanswered }
}

/** useAnswers holds the reasons that are typed beside warnings until they are sent with the filing. */
export function useAnswers(verdicts: Verdict[]) {
  const [reasons, setReasons] = useState<Record<string, string>>({})
  return {
    reasons,
    give: (verdict: Verdict, reason: string) =>
      setReasons((old) => ({ ...old, [verdictKey(verdict)]: reason })),
    ...blockers(verdicts, reasons),
  }
}

export type Answers = ReturnType<typeof useAnswers>

/** answersOf is what a submit sends: every reason that was typed, and those given before that still hold. */
export function answersOf(verdicts: Verdict[], reasons: Record<string, string>): Answer[] {
  return verdicts
    .filter(({ severity }) => severity === 'warning')
    .flatMap((verdict) => {
      const reason = reasons[verdictKey(verdict)]?.trim() || verdict.answer?.reason
      const { key, rule, about } = verdict
      return reason ? [{ key, rule, about, reason }] : []
    })
}

interface VerdictsProps {
  filing: Filing
  items: FormItem[]
  answers: Answers
  unsaved: boolean
}

export function Verdicts({ filing, items, answers, unsaved }: VerdictsProps) {
  const { t } = useText()
  const verdicts = [...(filing.verdicts ?? [])].sort(
    (one, other) => order[one.severity] - order[other.severity],
  )
  const note = filing.version === 0 ? t('fill.judgedNone') : unsaved ? t('fill.judgedSaved') : undefined
  return (
    <Panel title={t('fill.verdicts')} note={note}>
      {verdicts.length === 0 ? (
        filing.version === 0 ? (
          <p className="pb-soft">{t('fill.notJudged')}</p>
        ) : (
          <Judged judgement="good">{t('fill.allHold')}</Judged>
        )
      ) : (
        <ul className="pb-judged">
          {verdicts.map((verdict) => (
            <One
              key={verdictKey(verdict)}
              verdict={verdict}
              items={items}
              answers={answers}
              writable={filing.can?.includes('submit') || filing.can?.includes('fill') || false}
            />
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** stepsOf gives the values that a verdict used, each once, with the names of the fields in place of their codes. */
export function stepsOf(verdict: Pick<Verdict, 'trace'>, nameOf: (field: string) => string) {
  const steps = new Map((verdict.trace ?? []).map(({ expr, text }) => [expr, text]))
  return [...steps].map(([expr, text]) => ({ expr: expr.replace(/\b[a-z]\w*\b(?!\()/g, nameOf), text }))
}

interface OneProps {
  verdict: Verdict
  items: FormItem[]
  answers: Answers
  writable: boolean
}

function One({ verdict, items, answers, writable }: OneProps) {
  const { t, lang } = useText()
  const [explained, setExplained] = useState(false)
  const { severity, message, answer, key } = verdict
  const trace = stepsOf(verdict, (field) => {
    const item = items.find((other) => other.field === field)
    return item ? nameIn(lang, item.name, item.name_en) : field
  })
  const fields = (verdict.fields ?? []).map((field) => {
    const item = items.find((other) => other.field === field)
    return item ? nameIn(lang, item.name, item.name_en) : field
  })
  const reason = answers.reasons[verdictKey(verdict)] ?? answer?.reason ?? ''
  return (
    <li className={severity}>
      <SeverityWord severity={severity} /> {key && <b>{key}</b>}
      <p>{message}</p>
      {fields.length > 0 && <small className="pb-soft">{fields.join(t('app.comma'))}</small>}
      {trace.length > 0 && (
        <>
          {' '}
          <button
            type="button"
            className="pb-link-button"
            aria-expanded={explained}
            onClick={() => setExplained(!explained)}
          >
            {t('fill.explain')}
          </button>
        </>
      )}
      {explained && (
        <dl className="pb-trace">
          {trace.map(({ expr, text }) => (
            <div key={expr}>
              <dt>{expr}</dt>
              <dd>{text || t('park.unknown')}</dd>
            </div>
          ))}
        </dl>
      )}
      {severity === 'warning' &&
        (writable ? (
          <Input.TextArea
            aria-label={t('fill.reasonFor', { message })}
            placeholder={t('fill.reasonHint')}
            value={reason}
            maxLength={500}
            autoSize={{ minRows: 1, maxRows: 4 }}
            onChange={(event) => answers.give(verdict, event.target.value)}
          />
        ) : (
          <p>{answer ? t('fill.answered', { reason: answer.reason }) : t('fill.unanswered')}</p>
        ))}
      {answer && (
        <small className="pb-soft">
          {t('fill.answeredBy', { name: answer.actor, at: moment(answer.at, lang) })}
        </small>
      )}
    </li>
  )
}

export function SeverityWord({ severity }: { severity: Severity }) {
  const { t } = useText()
  const word = t(`severity.${severity}`)
  if (severity === 'error') return <Judged judgement="bad">{word}</Judged>
  if (severity === 'warning') return <Judged judgement="fair">{word}</Judged>
  return <span className="pb-soft">{word}</span>
}
