import { expect, test } from 'vitest'
import { parseBlock, writeBlock } from './clip'

test('parseBlock reads what a spreadsheet copies', () => {
  expect(parseBlock('1\t2\r\n3\t\r\n')).toEqual([
    ['1', '2'],
    ['3', ''],
  ])
  expect(parseBlock('single')).toEqual([['single']])
  expect(parseBlock('')).toEqual([['']])
})

test('parseBlock keeps line breaks, tabs and quotes inside a quoted cell', () => {
  expect(parseBlock('"two\nlines"\t"a ""word"""\nb\tc')).toEqual([
    ['two\nlines', 'a "word"'],
    ['b', 'c'],
  ])
  expect(parseBlock('"open\tb')).toEqual([['"open', 'b']])
})

test('parseBlock keeps an empty row in the middle', () => {
  expect(parseBlock('a\n\nb\n')).toEqual([['a'], [''], ['b']])
})

test('writeBlock is read back as it was', () => {
  const block = [
    ['a', 'b\tc'],
    ['', 'say "x"'],
    ['two\nlines', '3'],
  ]
  expect(parseBlock(writeBlock(block))).toEqual(block)
})
