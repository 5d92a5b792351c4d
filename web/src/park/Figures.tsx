import { Button } from 'antd'
import { useState } from 'react'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { day, moment } from '../shared/format'
import { useText } from '../shared/i18n'
import { Nature } from '../shared/Nature'
import { Empty } from '../shared/states'
import type { Figure, ParkPage, Statement } from '../shared/types'
import { ChooseFigure } from './ChooseFigure'
import { inOrder } from './fields'
import { Clash, written } from './Stated'

/** Figures lists every field of a park with all that was stated of it: which statement is used, why, and what contradicts it. */
export function Figures({ park }: { park: ParkPage }) {
  const { t } = useText()
  const statements = inOrder(park.statements ?? [], ({ field }) => field).filter(
    ({ items }) => (items ?? []).length > 0,
  )
  if (statements.length === 0) return <Empty title={t('park.noFigures')} />
  return statements.map((statement) => <Field key={statement.field} park={park} statement={statement} />)
}

function Field({ park, statement }: { park: ParkPage; statement: Statement }) {
  const { t, lang } = useText()
  const word = useWord(statement.field)
  const items = statement.items ?? []
  const used = items.find(({ id }) => id === statement.used)
  return (
    <section className="pb-statement" aria-label={t(`field.${statement.field}`)}>
      <header>
        <h3>{t(`field.${statement.field}`)}</h3>
        {used && <strong>{written(used, lang, word)}</strong>}
        {statement.contradicted && <Clash />}
        {used && <span className="pb-soft">{t(reason(used, items))}</span>}
      </header>
      <ul>
        {items.map((figure) => (
          <Source
            key={figure.id}
            park={park}
            field={statement.field}
            figure={figure}
            used={figure.id === statement.used}
            alone={items.length === 1}
          />
        ))}
      </ul>
    </section>
  )
}

function useWord(field: string): string {
  const { t } = useText()
  return field.startsWith('tenants_') ? t('unit.enterprises') : ''
}

/** reason names the message that says why a figure is the one in use. */
export function reason(used: Figure, items: Figure[]): string {
  if (used.chosen) return 'why.chosen'
  return items.filter(({ replaced }) => !replaced).length > 1 ? 'why.rule' : 'why.only'
}

interface SourceProps {
  park: ParkPage
  field: string
  figure: Figure
  used: boolean
  alone: boolean
}

function Source({ park, field, figure, used, alone }: SourceProps) {
  const { t, lang } = useText()
  const me = useMe()
  const [choosing, setChoosing] = useState(false)
  const word = useWord(field)
  const text = written(figure, lang, word)
  const mark = used ? 'used' : figure.replaced ? 'old' : ''
  return (
    <li className={`pb-source ${mark} ${alone ? 'alone' : ''}`}>
      {!alone && <span>{text}</span>}
      <div>
        <Nature nature={figure.nature} /> {used && !alone && <b>{t('figure.used')}</b>}{' '}
        {figure.replaced && t('figure.replaced')} <Stated figure={figure} text={text} />
        <br />
        <Origin figure={figure} />
      </div>
      {!alone && !used && !figure.replaced && can(me, 'figure.choose') ? (
        <Button size="small" onClick={() => setChoosing(true)}>
          {t('figure.use')}
        </Button>
      ) : (
        <span />
      )}
      <ChooseFigure
        park={park}
        field={field}
        figure={figure}
        open={choosing}
        onClose={() => setChoosing(false)}
      />
    </li>
  )
}

/** Stated repeats the words of the source where the screen writes the figure otherwise. */
function Stated({ figure, text }: { figure: Figure; text: string }) {
  const { t } = useText()
  const [shown, unit] = text.split('\u2009')
  const same = Number(shown?.replaceAll(',', '')) === Number(figure.stated) && unit === figure.stated_unit
  if (!figure.stated || figure.unit === 'date' || same) return null
  return (
    <span className="pb-soft">{t('figure.stated', { text: figure.stated, unit: figure.stated_unit })}</span>
  )
}

/** Origin says who stated a figure, where it was read, as of when, and who wrote it down. */
function Origin({ figure }: { figure: Figure }) {
  const { t, lang } = useText()
  const recorder = figure.recorder.startsWith('(') ? t('figure.system') : figure.recorder
  return (
    <small>
      {[
        figure.source,
        figure.source_ref,
        figure.as_of && t('panel.asOf', { date: day(figure.as_of, lang) }),
        figure.recorder && t('figure.recorder', { name: recorder, at: moment(figure.recorded_at, lang) }),
      ]
        .filter(Boolean)
        .join(' · ')}
    </small>
  )
}
