import { type Column, DataTable } from '../shared/DataTable'
import { day } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Loaded, Panel } from '../shared/Panel'
import { useRules } from './queries'
import type { Step } from './types'

/** RulePanel shows by which rules problems rise to the offices above, and how sure each rule is. */
export function RulePanel() {
  const { t, lang } = useText()
  const rules = useRules()
  const columns: Column<Step>[] = [
    {
      key: 'name',
      title: t('problem.rule'),
      heading: true,
      render: (step) => nameIn(lang, step.name, step.name_en),
    },
    {
      key: 'when',
      title: t('problem.when'),
      render: ({ when, days }) =>
        t(when === 'late' ? 'problem.whenLate' : 'problem.whenUndated', { count: days }),
    },
    { key: 'level', title: t('problem.level'), render: ({ level }) => t(`problemLevel.${level}`) },
    { key: 'basis', title: t('problem.basis'), nowrap: true, render: ({ basis }) => t(`ruleBasis.${basis}`) },
    { key: 'source', title: t('rows.source'), width: '44%', render: ({ source }) => source },
  ]
  return (
    <Panel
      title={t('problem.rules')}
      note={
        rules.data && `${t('ready.packIs', { number: rules.data.number })} · ${day(rules.data.from, lang)}`
      }
    >
      <Loaded query={rules} height={240} empty={({ steps }) => !steps?.length}>
        {({ steps }) => (
          <DataTable
            caption={t('problem.rules')}
            columns={columns}
            items={steps ?? []}
            rowKey={({ when, days }) => when + days}
          />
        )}
      </Loaded>
    </Panel>
  )
}
