import { expect, test } from 'vitest'
import {
  assign,
  complete,
  lacksSubject,
  layoutOf,
  missing,
  proposal,
  rowsOf,
  tidy,
  unitChoices,
  unitless,
} from './mapping'
import type { IntakeField, Layout, LayoutColumn, Mapping, Suggestion } from './types'

const column = (letter: string, title: string, unit = ''): LayoutColumn => ({
  index: letter.charCodeAt(0) - 65,
  letter,
  title,
  unit,
  kind: 'text',
  filled: 1,
  samples: [],
  odd: [],
})
const field = (code: string, kind = 'text', unit = '', key = false): IntakeField => ({
  code,
  name: code,
  name_en: code,
  kind,
  unit,
  required: key,
  key,
})
const layout: Layout = {
  sheet: '月报',
  first: 2,
  last: 3,
  units: 0,
  unit: '万元',
  title: [],
  score: 9,
  fingerprint: 'f',
  columns: [column('A', '编号'), column('B', '产值', '亩'), column('C', '税收'), column('D', '阶段')],
}
const fields = [
  field('no', 'code', '', true),
  field('output', 'quantity', '万元'),
  field('tax', 'quantity', '万元'),
  field('jobs', 'quantity', '人'),
  field('stage', 'choice'),
]
const guess = (at: number, code: string, score: number, chosen: boolean): Suggestion => ({
  column: at,
  field: code,
  score,
  chosen,
  reasons: [],
})

function mapped(): Mapping {
  return proposal(
    layout,
    [
      guess(0, 'no', 1, true),
      guess(1, 'output', 0.7, true),
      guess(2, 'tax', 1, true),
      guess(2, 'output', 0.5, false),
    ],
    fields,
  )
}

test('proposal takes a unit only where it is of the field’s kind, and the table’s where the column has none', () => {
  expect(mapped().columns).toEqual([
    { column: 'A', title: '编号', field: 'no', kind: 'code' },
    { column: 'B', title: '产值', field: 'output', kind: 'quantity' },
    { column: 'C', title: '税收', field: 'tax', kind: 'quantity', unit: '万元' },
    { column: 'D', title: '阶段' },
  ])
})

test('assign takes a field away from the column that held it', () => {
  const next = assign(mapped(), column('D', '阶段'), fields[1])
  expect(next.columns.map((one) => one.field)).toEqual(['no', undefined, 'tax', 'output'])
})

test('assign reads a choice as the text that it is written as', () => {
  const next = assign(mapped(), column('D', '阶段'), fields[4])
  expect(next.columns[3]).toMatchObject({ field: 'stage', kind: 'text' })
})

test('missing lists the keys that no column holds', () => {
  expect(missing(mapped(), fields)).toEqual([])
  expect(missing(assign(mapped(), column('A', '编号'), undefined), fields).map(({ code }) => code)).toEqual([
    'no',
  ])
})

test('lacksSubject asks for one of the columns that name whose row it is', () => {
  const several = [...fields, field('@subject', 'code'), field('@name')]
  expect(lacksSubject(mapped(), several).map(({ code }) => code)).toEqual(['@subject', '@name'])
  expect(lacksSubject(assign(mapped(), column('D', ''), field('@name')), several)).toEqual([])
  expect(lacksSubject(mapped(), fields)).toEqual([])
})

test('unitless lists quantities without a unit, but for those that have only one', () => {
  const next = assign(mapped(), column('D', '人数'), fields[3])
  expect(
    unitless({ ...next, columns: next.columns.map((one) => ({ ...one, unit: undefined })) }, fields),
  ).toHaveLength(2)
})

test('unitChoices leaves second spellings out, but for the one that is chosen', () => {
  expect(unitChoices('亩', 'm2')).toEqual(['平方米', 'm2', '万平方米', '亩', '公顷'])
  expect(unitChoices('兆瓦', undefined)).toEqual(['兆瓦'])
})

test('complete and rowsOf show every column of the file, with its suggestions from the best', () => {
  const some: Mapping = {
    version: 1,
    first: 2,
    last: 3,
    sheet: '月报',
    columns: [{ column: 'C', title: '税收' }],
  }
  const rows = rowsOf(layout, complete(some, layout), [
    guess(2, 'output', 0.5, false),
    guess(2, 'tax', 1, true),
  ])
  expect(rows.map(({ map }) => map.column)).toEqual(['A', 'B', 'C', 'D'])
  expect(rows[2]?.proposed.map(({ field: code }) => code)).toEqual(['tax', 'output'])
})

test('layoutOf finds the table that a mapping reads, else the surest', () => {
  const other = { ...layout, sheet: '其他' }
  expect(layoutOf({ layouts: [other, layout] }, { sheet: '月报', first: 2, last: 3 })?.sheet).toBe('月报')
  expect(layoutOf({ layouts: [other, layout] }, null)?.sheet).toBe('其他')
  expect(layoutOf({ layouts: [] }, null)).toBeUndefined()
})

test('tidy sends nothing that was left empty', () => {
  const open: Mapping = {
    version: 1,
    first: 1,
    last: 1,
    columns: [{ column: 'A', title: '甲', field: '', unit: '', unknown: [], roc: false, order: '' }],
  }
  expect(tidy(open).columns).toEqual([{ column: 'A', title: '甲' }])
})
