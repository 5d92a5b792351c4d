import { Glyph, type GlyphName } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import type { Filing, FilingState as State } from './types'

const marks: Record<State, { glyph: GlyphName; tone: string }> = {
  owed: { glyph: 'empty', tone: '' },
  draft: { glyph: 'project', tone: '' },
  returned: { glyph: 'broken', tone: 'fair' },
  submitted: { glyph: 'up', tone: 'sent' },
  approved: { glyph: 'check', tone: 'good' },
}

/** FilingState says where a filing stands, by a word and a shape. */
export function FilingState({ state }: { state: State }) {
  const { t } = useText()
  const { glyph, tone } = marks[state]
  return (
    <span className={`pb-filing-state ${tone}`}>
      <Glyph name={glyph} />
      {t(`filingState.${state}`)}
    </span>
  )
}

/** Waiting names the office for whose approval a submitted filing waits. */
export function Waiting({ filing, chain }: { filing: Pick<Filing, 'state' | 'level'>; chain: string[] }) {
  const { t } = useText()
  const office = chain[filing.level]
  if (filing.state !== 'submitted' || !office) return null
  return <span className="pb-soft">{t('fill.waitsFor', { office: t(`level.${office}`, office) })}</span>
}
