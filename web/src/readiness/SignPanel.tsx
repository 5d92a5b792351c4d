import { type Column, DataTable } from '../shared/DataTable'
import { quantity } from '../shared/format'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Verdict } from '../shared/Verdict'
import type { Sign } from './types'

/** SignPanel shows a county's leading signs (先行指标): what points to an enterprise that grows into the list. */
export function SignPanel({ signs }: { signs: Sign[] }) {
  const { t, lang } = useText()
  const amount = (value: number | null, unit: Sign['unit']) =>
    value === null
      ? t('ready.unknown')
      : unit === 'kwh'
        ? `${value.toLocaleString('en-US')}\u2009${t('ready.kwh')}`
        : quantity(value, 'yuan', lang)
  const columns: Column<Sign>[] = [
    {
      key: 'sign',
      title: t('ready.sign'),
      heading: true,
      render: ({ sign, over }) => `${t(`readySign.${sign}`)} · ${t(`readyOver.${over}`)}`,
    },
    {
      key: 'value',
      title: t('ready.signValue'),
      numeric: true,
      render: ({ value, unit }) => amount(value, unit),
    },
    {
      key: 'above',
      title: t('ready.signAbove'),
      numeric: true,
      render: ({ above, unit }) => amount(above, unit),
    },
    {
      key: 'months',
      title: t('ready.monthsFiled'),
      numeric: true,
      render: ({ known, asked }) => `${known} / ${asked}`,
    },
    {
      key: 'hit',
      title: t('ready.signHit'),
      render: ({ hit, value }) =>
        value === null ? (
          <span className="pb-soft">{t('ready.unknown')}</span>
        ) : hit ? (
          <Verdict judgement="good">{t('ready.hit')}</Verdict>
        ) : (
          t('ready.notHit')
        ),
    },
  ]
  return (
    <Panel title={t('ready.signs')} note={t('ready.signsNote')}>
      {signs.length === 0 ? (
        <p className="pb-soft">{t('ready.noSigns')}</p>
      ) : (
        <DataTable
          caption={t('ready.signs')}
          columns={columns}
          items={signs}
          rowKey={({ sign, over }) => sign + over}
        />
      )}
    </Panel>
  )
}
