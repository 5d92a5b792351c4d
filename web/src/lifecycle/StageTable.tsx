import { BasisTag } from '../shared/BasisTag'
import { type Column, DataTable } from '../shared/DataTable'
import { nameIn, useText } from '../shared/i18n'
import type { Lifecycle, LifecycleStage } from './types'

/** StageTable says of each stage what must come before it, what it demands, and how sure each line is. */
export function StageTable({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t, lang } = useText()
  const stages = lifecycle.stages ?? []
  const nameOf = (code: string) => {
    const stage = stages.find((known) => known.code === code)
    return stage ? nameIn(lang, stage.name, stage.name_en) : code
  }
  const namesOf = (codes: string[] | null) => (codes ?? []).map(nameOf).join(t('app.comma'))
  const columns: Column<LifecycleStage>[] = [
    {
      key: 'name',
      title: t('lifecycle.stage'),
      heading: true,
      render: ({ name, name_en }) => nameIn(lang, name, name_en),
    },
    {
      key: 'kind',
      title: t('lifecycle.kind'),
      nowrap: true,
      render: ({ end, optional }) =>
        t(end ? 'lifecycle.end' : optional ? 'lifecycle.optional' : 'lifecycle.required'),
    },
    {
      key: 'after',
      title: t('lifecycle.after'),
      render: ({ after, unless }) => (
        <>
          {namesOf(after) || '—'}
          {(unless ?? []).length > 0 && (
            <div className="pb-soft">{t('lifecycle.unless', { stages: namesOf(unless) })}</div>
          )}
        </>
      ),
    },
    {
      key: 'guard',
      title: t('lifecycle.guard'),
      render: ({ guard, message, message_en }) =>
        guard ? (
          <>
            {nameIn(lang, message, message_en).replaceAll(/\{\w+\}/g, '…')}{' '}
            <code className="pb-life-guard">{guard}</code>
          </>
        ) : (
          <span className="pb-soft">{t('lifecycle.noGuard')}</span>
        ),
    },
    {
      key: 'deemed',
      title: t('lifecycle.deemed'),
      render: ({ deemed }) =>
        deemed ? (
          <>
            {t(deemed.months > 0 ? 'lifecycle.deemedMonths' : 'lifecycle.deemedDays', {
              from: nameOf(deemed.from),
              count: deemed.months > 0 ? deemed.months : deemed.days,
            })}{' '}
            <Basis basis={deemed.basis} source={deemed.source} />
          </>
        ) : (
          '—'
        ),
    },
    {
      key: 'basis',
      title: t('lifecycle.basis'),
      render: ({ basis, source }) => <Basis basis={basis} source={source} />,
    },
  ]
  return (
    <DataTable caption={t('lifecycle.stages')} columns={columns} items={stages} rowKey={({ code }) => code} />
  )
}

function Basis({ basis, source }: { basis: 'established' | 'assumed'; source: string }) {
  return (
    <>
      <BasisTag basis={basis} />
      {source && <div className="pb-life-source">{source}</div>}
    </>
  )
}
