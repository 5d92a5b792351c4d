import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import en from './en.json'
import zh from './zh-CN.json'

type Texts = { [key: string]: string | Texts }

function keysOf(texts: Texts, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  )
}

function textOf(texts: Texts, key: string): string {
  return key.split('.').reduce<Texts | string>((at, part) => (at as Texts)[part] ?? '', texts) as string
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name).sort()

const source = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter(({ name }) => /\.tsx?$/.test(name) && !/\.(test|d)\.tsx?$/.test(name))
  .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'))
  .join('\n')

// A quoted text that looks like a key is a use of it; `stage.${stage}` uses every key under "stage.".
const literal = new Set([...source.matchAll(/'([a-zA-Z]+\.[\w]+)'/g)].map(([, key]) => key))
const prefixes = [...source.matchAll(/`([a-zA-Z]+\.)\$\{/g)].map(([, prefix]) => prefix as string)

test('both languages have the same keys', () => {
  expect(keysOf(en)).toEqual(keysOf(zh))
})

test('both languages fill in the same values', () => {
  for (const key of keysOf(zh))
    expect([key, placeholders(textOf(en, key))]).toEqual([key, placeholders(textOf(zh, key))])
})

test('no text is empty, and English has no Chinese but in names of units', () => {
  for (const key of keysOf(zh)) {
    expect([key, textOf(zh, key).length > 0 && textOf(en, key).length > 0]).toEqual([key, true])
    expect([key, /[\u4e00-\u9fff]/.test(textOf(en, key))]).toEqual([key, false])
  }
})

test('every key is used', () => {
  const unused = keysOf(zh).filter(
    (key) => !literal.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  )
  expect(unused).toEqual([])
})

test('every used key exists', () => {
  const known = new Set(keysOf(zh))
  const called = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key as string)
  expect(called.filter((key) => !known.has(key))).toEqual([])
  const groups = new Set(Object.keys(zh))
  expect(prefixes.filter((prefix) => !groups.has(prefix.slice(0, -1)))).toEqual([])
})
