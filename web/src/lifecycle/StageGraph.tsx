import { useId } from 'react'
import { nameIn, useText } from '../shared/i18n'
import { graphOf } from './graph'
import type { Lifecycle, LifecycleStage } from './types'

const wide = 102
const tall = 34
const gapX = 24
const gapY = 16

/** StageGraph draws which stage comes after which; the table below it says the same in words. */
export function StageGraph({ lifecycle }: { lifecycle: Lifecycle }) {
  const { t, lang } = useText()
  const arrow = useId()
  const stages = lifecycle.stages ?? []
  const { nodes, edges, columns, rows } = graphOf(stages)
  const x = (column: number) => 2 + column * (wide + gapX)
  const y = (row: number) => 2 + row * (tall + gapY)
  const width = x(columns) - gapX + 2
  const height = y(rows) - gapY + 2
  const nameOf = (code: string) => {
    const stage = stages.find((known) => known.code === code)
    return stage ? nameIn(lang, stage.name, stage.name_en) : code
  }
  const told = stages
    .filter(({ after }) => (after ?? []).length > 0)
    .map(({ code, after }) =>
      t('lifecycle.graphLine', { stage: nameOf(code), after: after?.map(nameOf).join(t('app.comma')) }),
    )
  const title = t('lifecycle.graphOf', { name: nameIn(lang, lifecycle.name, lifecycle.name_en) })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the window must be reachable by keyboard
    <section className="pb-life-graph" aria-label={title} tabIndex={0}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        style={{ width, minWidth: width }}
        role="img"
        aria-label={told.join(t('app.semicolon')) || title}
      >
        <defs>
          <marker
            id={arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        {edges.map(({ from, to }) => {
          const a = nodes[from]
          const b = nodes[to]
          if (!a || !b) return null
          const [x1, y1, x2, y2] = [x(a.column) + wide, y(a.row) + tall / 2, x(b.column), y(b.row) + tall / 2]
          const bend = gapX / 2
          return (
            <path
              key={`${from}/${to}`}
              className="edge"
              d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 1} ${y2}`}
              markerEnd={`url(#${arrow})`}
            />
          )
        })}
        {nodes.map(({ stage, column, row }) => (
          <Box key={stage.code} stage={stage} x={x(column)} y={y(row)} name={nameOf(stage.code)} />
        ))}
      </svg>
    </section>
  )
}

function Box({ stage, x, y, name }: { stage: LifecycleStage; x: number; y: number; name: string }) {
  const fits = fitting(name, 15)
  return (
    <g className={`box ${stage.optional ? 'optional' : ''}`}>
      <rect x={x} y={y} width={wide} height={tall} rx="6" />
      {stage.end && <rect x={x + 3} y={y + 3} width={wide - 6} height={tall - 6} rx="4" className="inner" />}
      <text x={x + wide / 2} y={y + tall / 2 + 5} textAnchor="middle">
        {fits}
        {fits !== name && <title>{name}</title>}
      </text>
    </g>
  )
}

/** fitting shortens a name to so many Latin characters; a Chinese one takes the room of two. */
function fitting(name: string, room: number): string {
  let used = 0
  for (const [at, sign] of [...name].entries()) {
    used += sign > '\u2e7f' ? 2 : 1
    if (used > room) return `${[...name].slice(0, at - 1).join('')}…`
  }
  return name
}
