import { Button } from 'antd'
import { useState } from 'react'
import { type Column, DataTable } from '../shared/DataTable'
import { day, type Lang, moment, periodName, quantity } from '../shared/format'
import { useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { Panel } from '../shared/Panel'
import { SourceText } from '../shared/SourceText'
import { useNarrow } from '../shared/useNarrow'
import { FactDrawer, VoidDrawer } from './FactDrawer'
import type { Detail, Fact } from './types'
import { type FactGroup, factGroups, ofYear } from './view'

/** saidOf writes what a fact says: since which month, or how much of which year. */
function saidOf(fact: Fact, lang: Lang): string {
  if (ofYear(fact.fact)) {
    const year = periodName(fact.month.slice(0, 4), lang)
    return [year, fact.value === null ? '' : quantity(fact.value, 'yuan', lang)].filter(Boolean).join(' · ')
  }
  return fact.month ? periodName(fact.month, lang) : ''
}

/** FactPanel keeps applied, accepted and listed apart: each is a fact of its own, and none follows from another. */
export function FactPanel({ detail }: { detail: Detail }) {
  const { t } = useText()
  const [adding, setAdding] = useState(false)
  const [taking, setTaking] = useState<Fact | null>(null)
  const may = detail.can?.includes('edit') ?? false
  const groups = factGroups(detail.facts)
  return (
    <Panel
      title={t('ready.facts')}
      note={t('ready.factsNote')}
      extra={
        may && (
          <Button size="small" type="primary" onClick={() => setAdding(true)}>
            {t('ready.addFact')}
          </Button>
        )
      }
    >
      <Standing groups={groups} onTake={may ? setTaking : undefined} />
      <History facts={groups.flatMap(({ all }) => all)} />
      {adding && <FactDrawer detail={detail} onClose={() => setAdding(false)} />}
      {taking && <VoidDrawer detail={detail} fact={taking} onClose={() => setTaking(null)} />}
    </Panel>
  )
}

function Standing({ groups, onTake }: { groups: FactGroup[]; onTake?: (fact: Fact) => void }) {
  const { t, lang } = useText()
  const narrow = useNarrow()
  const columns: Column<FactGroup>[] = [
    { key: 'fact', title: t('ready.fact'), heading: true, render: ({ word }) => t(`readyFact.${word}`) },
    {
      key: 'day',
      title: t('ready.factDay'),
      nowrap: true,
      render: ({ stands }) =>
        stands ? day(stands.day, lang) : <span className="pb-soft">{t('ready.noFact')}</span>,
    },
    {
      key: 'said',
      title: t('ready.said'),
      render: ({ stands }) => (stands && saidOf(stands, lang)) || '—',
    },
    {
      key: 'source',
      title: t('rows.source'),
      render: ({ stands }) =>
        stands ? (
          <>
            <SourceText text={stands.source} /> <Nature nature={stands.nature} />
          </>
        ) : (
          '—'
        ),
    },
    {
      key: 'recorded',
      title: t('ready.recorded'),
      wideOnly: true,
      render: ({ stands }) => (stands ? `${stands.recorder} · ${moment(stands.recorded_at, lang)}` : '—'),
    },
  ]
  if (onTake)
    columns.push({
      key: 'deeds',
      title: t('table.deeds'),
      render: ({ word, stands }) =>
        stands ? (
          <Button
            size="small"
            onClick={() => onTake(stands)}
            aria-label={t('ready.takeBackOf', { fact: t(`readyFact.${word}`) })}
          >
            {t('ready.takeBack')}
          </Button>
        ) : (
          '—'
        ),
    })
  const shown = narrow ? groups.filter(({ all }) => all.length > 0) : groups
  const silent = groups.filter((group) => !shown.includes(group))
  return (
    <>
      <DataTable caption={t('ready.facts')} columns={columns} items={shown} rowKey={({ word }) => word} />
      {silent.length > 0 && (
        <p className="pb-soft">
          {t('ready.noFactOf', {
            facts: silent.map(({ word }) => t(`readyFact.${word}`)).join(t('app.comma')),
          })}
        </p>
      )}
    </>
  )
}

function History({ facts }: { facts: Fact[] }) {
  const { t, lang } = useText()
  if (facts.length === 0) return null
  const columns: Column<Fact>[] = [
    { key: 'fact', title: t('ready.fact'), heading: true, render: ({ fact }) => t(`readyFact.${fact}`) },
    { key: 'state', title: t('ready.state'), nowrap: true, render: ({ state }) => t(`readyState.${state}`) },
    { key: 'day', title: t('ready.factDay'), nowrap: true, render: (fact) => day(fact.day, lang) },
    { key: 'said', title: t('ready.said'), render: (fact) => saidOf(fact, lang) || '—' },
    { key: 'source', title: t('rows.source'), render: ({ source }) => <SourceText text={source} /> },
    {
      key: 'recorded',
      title: t('ready.recorded'),
      render: ({ recorder, recorded_at }) => `${recorder} · ${moment(recorded_at, lang)}`,
    },
  ]
  return (
    <details className="pb-ready-details">
      <summary>{t('ready.history', { count: facts.length })}</summary>
      <DataTable
        caption={t('ready.allFacts')}
        columns={columns}
        items={facts}
        rowKey={({ fact, seq }) => `${fact}#${seq}`}
      />
    </details>
  )
}
