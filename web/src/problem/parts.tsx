// Small parts that the pages of problems and of quarter reviews share.
import { Link } from '@tanstack/react-router'
import { Form, Input, Select } from 'antd'
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Verdict } from '../shared/Verdict'
import { useOrgs } from '../shell/scope'
import { useOwners } from './queries'
import type { Problem, ProblemState, SubjectKind } from './types'
import { latenessOf, pathOf, stateJudgements } from './view'
import './problem.css'

export function StateTag({ state }: { state: ProblemState }) {
  const { t } = useText()
  return <Verdict judgement={stateJudgements[state]}>{t(`trackProblemState.${state}`)}</Verdict>
}

/** DueText is the due day of a problem with how late it is. */
export function DueText({ of }: { of: Pick<Problem, 'state' | 'due' | 'late_days'> }) {
  const { t, lang } = useText()
  const lateness = latenessOf(of)
  if (lateness.kind === 'undated') return <span className="pb-soft">{t('problem.undated')}</span>
  return (
    <>
      {of.due ? day(of.due, lang) : '—'}{' '}
      {lateness.kind === 'late' && (
        <Verdict judgement="bad">{t('problem.lateBy', { count: lateness.days })}</Verdict>
      )}
    </>
  )
}

/** OwnerText is who owns a problem and the office of it. */
export function OwnerText({ of }: { of: Problem }) {
  const { t, lang } = useText()
  return (
    <>
      {of.owner_name || of.owner || <span className="pb-soft">{t('problem.nobody')}</span>}
      <div className="pb-soft">{nameIn(lang, of.owner_org_name, of.owner_org_name_en)}</div>
    </>
  )
}

/** LevelText is the office that follows a problem, and why it does. */
export function LevelText({ of }: { of: Problem }) {
  const { t, lang } = useText()
  if (of.level === 0 && !of.level_why) return <span className="pb-soft">{t('problem.withOwner')}</span>
  return (
    <>
      {of.level === 0 ? t('problem.withOwner') : nameIn(lang, of.level_org_name, of.level_org_name_en)}
      {of.level_why && (
        <div className="pb-soft">
          {nameIn(lang, of.level_why, of.level_why_en)}
          {of.level_basis === 'assumed' && ` · ${t('ruleBasis.assumed')}`}
        </div>
      )}
    </>
  )
}

export function SubjectLink({ kind, id, name }: { kind: string; id: string; name: string }) {
  return <Link to={pathOf(kind, id) as string}>{name}</Link>
}

/** OwnerFields ask whose a problem is: a person, and the office where it is not the subject's own. */
export function OwnerFields({ subject }: { subject?: { kind: SubjectKind; id: string } }) {
  const { t, lang } = useText()
  const people = useOwners(subject)
  const orgs = useOrgs()
  return (
    <>
      <Form.Item name="owner" label={t('problem.owner')}>
        <Select
          loading={people.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            { value: '', label: t('problem.nobody') },
            ...(people.data ?? []).map(({ username, name, org_name, org_name_en }) => ({
              value: username,
              label: `${name || username} · ${nameIn(lang, org_name, org_name_en)}`,
            })),
          ]}
        />
      </Form.Item>
      <Form.Item name="owner_org" label={t('problem.office')}>
        <Select
          loading={orgs.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            { value: '', label: t('problem.sameOffice') },
            ...(orgs.data ?? []).map(({ id, name, name_en }) => ({
              value: id,
              label: nameIn(lang, name, name_en),
            })),
          ]}
        />
      </Form.Item>
    </>
  )
}

const wholeDay = /^\d{4}-\d{2}-\d{2}$/

export function DueField({ required }: { required: boolean }) {
  const { t } = useText()
  return (
    <Form.Item
      name="due"
      label={t('problem.due')}
      extra={t('problem.dayForm')}
      rules={[{ required, pattern: wholeDay, message: t('problem.dayForm') }]}
    >
      <Input autoComplete="off" />
    </Form.Item>
  )
}
