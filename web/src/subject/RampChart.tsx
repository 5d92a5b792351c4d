import { useId } from 'react'
import { useText } from '../shared/i18n'
import { PromiseWord } from './PromiseTable'
import { type Box, rampOf } from './ramp'
import type { PromiseRow } from './types'
import { amountsOf, yearWords } from './words'

const box: Box = { width: 520, height: 190, left: 58, right: 10, top: 14, bottom: 24 }

/** RampChart draws what was promised as a step line over columns of what was filed; hatched where months are missing. */
export function RampChart({ rows, title }: { rows: PromiseRow[]; title: string }) {
  const { t } = useText()
  const hatch = useId()
  const ramp = rampOf(rows, box)
  const amounts = amountsOf(
    [...rows.flatMap(({ promised, actual }) => [promised, actual]), ramp.top],
    rows[0]?.measure ?? 'output',
    t('promise.people'),
  )
  const told = rows.map((row) =>
    t('promise.chartYear', {
      year: yearWords(t, row.measure, row.year),
      promised: amounts.write(row.promised),
      actual: amounts.write(row.actual),
      state: t(`promiseState.${row.state}`),
    }),
  )
  return (
    <figure className="pb-sub-ramp">
      <svg
        viewBox={`0 0 ${box.width} ${box.height}`}
        role="img"
        aria-label={t('promise.chartOf', { title, years: told.join(t('app.semicolon')) })}
      >
        <defs>
          <pattern
            id={hatch}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="6" height="6" className="bar" />
            <line x1="0" y1="0" x2="0" y2="6" className="hatch" />
          </pattern>
        </defs>
        {ramp.ticks.map(({ value, y }) => (
          <g key={value} className="tick">
            <line x1={box.left} x2={box.width - box.right} y1={y} y2={y} />
            <text x={box.left - 6} y={y + 4} textAnchor="end">
              {amounts.write(value)}
            </text>
          </g>
        ))}
        {ramp.years.map(({ row, x, actual }) => (
          <g key={`${row.year}/${row.from}`}>
            {actual && (
              <rect
                x={actual.x}
                y={actual.y}
                width={actual.width}
                height={actual.height}
                className={actual.partial ? undefined : 'bar'}
                fill={actual.partial ? `url(#${hatch})` : undefined}
              />
            )}
            <text x={x} y={box.height - 7} textAnchor="middle">
              {yearWords(t, row.measure, row.year)}
            </text>
          </g>
        ))}
        <path d={ramp.path} className="promised" />
      </svg>
      <Legend rows={rows} unit={amounts.unit} />
      <ul className="pb-sub-years">
        {rows.map((row) => (
          <li key={`${row.year}/${row.from}`}>
            {yearWords(t, row.measure, row.year)} <PromiseWord state={row.state} />
          </li>
        ))}
      </ul>
    </figure>
  )
}

function Legend({ rows, unit }: { rows: PromiseRow[]; unit: string }) {
  const { t } = useText()
  return (
    <figcaption>
      <span className="promised">{t('promise.promised')}</span>
      <span className="bar">{t('promise.actual')}</span>
      {rows.some(
        ({ actual, months_known, months_asked }) => actual !== null && months_known < months_asked,
      ) && <span className="partial">{t('promise.partial')}</span>}
      {unit && <span className="pb-soft">{t('promise.unit', { unit: unit })}</span>}
    </figcaption>
  )
}
