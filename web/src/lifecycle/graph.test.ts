import { expect, test } from 'vitest'
import { graphOf } from './graph'

const stage = (code: string, ...after: string[]) => ({ code, after })

test('graphOf puts a stage right of everything that it comes after', () => {
  const { nodes, edges, columns, rows } = graphOf([
    stage('intent'),
    stage('signed', 'intent'),
    stage('handed_over', 'signed'),
    stage('enrolled', 'signed'),
    stage('production', 'handed_over', 'intent'),
  ])
  expect(nodes.map(({ stage: { code }, column, row }) => [code, column, row])).toEqual([
    ['intent', 0, 0],
    ['signed', 1, 0],
    ['handed_over', 2, 0],
    ['enrolled', 2, 1],
    ['production', 3, 0],
  ])
  expect(edges).toHaveLength(5)
  expect([columns, rows]).toEqual([4, 2])
})

test('graphOf leaves out what it does not know and survives a circle', () => {
  const { edges, columns } = graphOf([stage('a', 'gone', 'b'), stage('b', 'a')])
  expect(edges).toHaveLength(2)
  expect(columns).toBeGreaterThan(0)
})

test('graphOf of nothing is empty', () => {
  expect(graphOf([])).toEqual({ nodes: [], edges: [], columns: 0, rows: 0 })
})
