import { Tooltip } from 'antd'
import {
  exact,
  number,
  percent,
  periodName,
  quantity,
  scaleOf,
  signed,
  signedPercent,
  withUnit,
} from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Natures } from '../shared/Nature'
import { Spark } from '../shared/Spark'
import { Failure, Loading } from '../shared/states'
import type { Indicator, Reading, ReadingTarget } from '../shared/types'
import { Verdict } from '../shared/Verdict'
import { change, judge, paceShare } from './headline'
import { useReading } from './queries'
import { cutOf, indicatorName, unitWord, type View } from './view'

/** Tile is one headline: the value, its target and pace, the change on the year, a spark line, the data date. */
export function Tile({ indicator, view }: { indicator: Indicator; view: View }) {
  const { lang } = useText()
  const reading = useReading(cutOf(view, indicator.code))
  const months = useReading(cutOf(view, indicator.code, 'month'))
  const picked = view.indicator?.code === indicator.code
  return (
    <li className={`pb-tile ${picked ? 'picked' : ''}`}>
      <div className="pb-tile-head">
        <button
          type="button"
          className="pb-tile-pick"
          aria-pressed={picked}
          onClick={() => view.pick(indicator.code)}
        >
          {indicatorName(indicator, lang)}
        </button>
      </div>
      {reading.isPending ? (
        <Loading height={112} />
      ) : reading.data ? (
        <Body
          indicator={indicator}
          reading={reading.data}
          months={months.data}
          onOpen={() => view.open('total', indicator.code)}
        />
      ) : (
        <Failure error={reading.error} onRetry={reading.refetch} />
      )}
    </li>
  )
}

interface BodyProps {
  indicator: Indicator
  reading: Reading
  months: Reading | undefined
  onOpen: () => void
}

function Body({ indicator, reading, months, onOpen }: BodyProps) {
  const { t, lang } = useText()
  const word = unitWord(indicator, lang)
  const scale = scaleOf([reading.value], reading.unit, lang, word)
  const written = withUnit(reading.value, scale)
  const full = reading.value == null ? written : exact(reading.value, reading.unit, lang, word)
  return (
    <>
      <Tooltip title={full === written ? undefined : full}>
        <button
          type="button"
          className="pb-tile-value"
          onClick={onOpen}
          aria-label={t('cell.open', { name: indicatorName(indicator, lang), value: written })}
        >
          {number(reading.value, scale)}
          <small>{scale.unit}</small>
        </button>
      </Tooltip>
      <Against reading={reading} word={word} />
      <div className="pb-tile-foot">
        <OnYear reading={reading} word={word} />
        <Spark values={(months?.groups ?? []).map((group) => group.value ?? null)} />
      </div>
      <p className="pb-tile-date">
        {reading.as_of ? t('panel.asOf', { date: periodName(reading.as_of, lang) }) : t('panel.noDate')}
        <span>
          <Natures natures={reading.natures} />
        </span>
      </p>
    </>
  )
}

function Against({ reading, word }: { reading: Reading; word: string }) {
  const { t, lang } = useText()
  const { target, denominator } = reading
  if (target && target.kind === 'target') return <Progress target={target} unit={reading.unit} word={word} />
  if (target) {
    return (
      <p className="pb-tile-line">
        {t('tile.published', { value: quantity(target.value, reading.unit, lang, word) })}
      </p>
    )
  }
  if (denominator) {
    return (
      <p className="pb-tile-line">
        {t('tile.denominator', {
          name: nameIn(lang, denominator.name, denominator.name_en),
          value: quantity(denominator.value, denominator.unit, lang),
        })}
      </p>
    )
  }
  return <p className="pb-tile-line">{t('tile.noTarget')}</p>
}

function Progress({ target, unit, word }: { target: ReadingTarget; unit: string; word: string }) {
  const { t, lang } = useText()
  const done = target.attainment ?? null
  const due = paceShare(target)
  const judgement = judge(target)
  return (
    <div className="pb-tile-line">
      <span>
        {t('tile.target', {
          value: quantity(target.value, unit, lang, word),
          share: done === null ? '—' : percent(done),
        })}
      </span>
      <span className="pb-progress" aria-hidden="true">
        <span style={{ width: `${Math.min(100, Math.max(0, (done ?? 0) * 100))}%` }} />
        {due !== null && <i style={{ left: `${Math.min(100, due * 100)}%` }} />}
      </span>
      {target.published !== null && (
        <span>{t('tile.published', { value: quantity(target.published, unit, lang, word) })}</span>
      )}
      {judgement && due !== null && (
        <span className="pb-tile-pace">
          <Verdict judgement={judgement}>{t(`pace.${judgement}`)}</Verdict>{' '}
          {t('tile.pace', { share: percent(due) })}
        </span>
      )}
    </div>
  )
}

function OnYear({ reading, word }: { reading: Reading; word: string }) {
  const { t, lang } = useText()
  const moved = change(reading)
  if (!moved) return <span className="pb-tile-year">{t('tile.noYear')}</span>
  const points = reading.unit === 'ratio'
  const scale = points
    ? { divisor: 0.01, decimals: 1, unit: t('unit.points') }
    : scaleOf([moved.difference], reading.unit, lang, word)
  const difference = signed(moved.difference, scale)
  return (
    <span className="pb-tile-year" title={difference}>
      {t('tile.onYear')} <b>{moved.share === null ? difference : signedPercent(moved.share)}</b>
    </span>
  )
}
