// Where the stages of a lifecycle stand in its drawing: columns by how much must come before, arrows from what must come first.
import type { LifecycleStage } from './types'

type Ordered = Pick<LifecycleStage, 'code' | 'after'>

export interface Node<Stage> {
  stage: Stage
  column: number
  row: number
}

export interface Graph<Stage> {
  nodes: Node<Stage>[]
  /** Arrows, as indexes of nodes. */
  edges: { from: number; to: number }[]
  columns: number
  rows: number
}

/** graphOf places stages; a stage stands right of everything that it comes after, in the first free row of its column. */
export function graphOf<Stage extends Ordered>(stages: readonly Stage[]): Graph<Stage> {
  const at = new Map(stages.map(({ code }, index) => [code, index]))
  const depth = new Map<string, number>()
  const depthOf = (stage: Stage, seen: readonly string[]): number => {
    const known = depth.get(stage.code)
    if (known !== undefined) return known
    let most = 0
    for (const code of stage.after ?? []) {
      const before = stages[at.get(code) ?? -1]
      if (before && !seen.includes(code)) most = Math.max(most, depthOf(before, [...seen, stage.code]) + 1)
    }
    depth.set(stage.code, most)
    return most
  }
  const taken: number[] = []
  const nodes = stages.map((stage) => {
    const column = depthOf(stage, [])
    const row = taken[column] ?? 0
    taken[column] = row + 1
    return { stage, column, row }
  })
  const edges = stages.flatMap((stage, to) =>
    (stage.after ?? []).flatMap((code) => {
      const from = at.get(code)
      return from === undefined ? [] : [{ from, to }]
    }),
  )
  return { nodes, edges, columns: taken.length, rows: Math.max(0, ...taken.map((count) => count ?? 0)) }
}
