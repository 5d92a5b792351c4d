import { expect, test } from 'vitest'
import type { Org } from '../shared/types'
import { areaTree } from './AreaSwitch'
import { lineage } from './scope'

const org = (id: string, parent: string, sort: number): Org => ({
  id,
  parent,
  kind: parent ? 'county' : 'city',
  name: `名${id}`,
  name_en: `Name ${id}`,
  division: '',
  path: '',
  sort,
})

const orgs = [org('b', 'city', 2), org('city', '', 0), org('a', 'city', 1)]

test('areaTree hangs units below each other in their order and parks below their unit', () => {
  const tree = areaTree(orgs, [{ id: 'p', name: '甲园', org: 'a' }], 'en')
  expect(tree.map(({ value }) => value)).toEqual(['city'])
  expect(tree[0]?.children.map(({ title }) => title)).toEqual(['Name a', 'Name b'])
  expect(tree[0]?.children[0]?.children[0]).toMatchObject({ value: 'park:p', title: '甲园' })
})

test('areaTree begins at the topmost unit that the user sees', () => {
  expect(areaTree([org('a', 'city', 1)], [], 'zh-CN').map(({ value }) => value)).toEqual(['a'])
})

test('lineage leads from the top to the unit', () => {
  expect(lineage(orgs, 'a').map(({ id }) => id)).toEqual(['city', 'a'])
  expect(lineage(orgs, undefined)).toEqual([])
})
