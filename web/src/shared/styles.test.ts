// A page's stylesheet stays loaded after the page is left. So it may only speak of what is its own: else the look of the
// next page depends on which pages were open before it.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'

/** Path below src/ and text of stylesheets and modules. */
type Sources = Record<string, string>

const sources: Sources = Object.fromEntries(
  readdirSync('src', { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.(css|tsx?)$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((file) => join(file.parentPath, file.name))
    .map((path) => [relative('src', path), readFileSync(path, 'utf8')]),
)

const classesOf = (text: string) => [...text.matchAll(/\.(pb-[\w-]+)/g)].map(([, name]) => name as string)

/** selectorsOf lists the selectors of a stylesheet, those inside @media too. The sheets do not nest rules. */
function selectorsOf(css: string) {
  return [
    ...css
      .replace(/\/\*.*?\*\/|@keyframes[^{]*\{(\s*[^{}]*\{[^{}]*\})*\s*\}/gs, '')
      .matchAll(/[^{};]+(?=\{)/g),
  ]
    .map(([prelude]) => prelude.trim())
    .filter((prelude) => !prelude.startsWith('@'))
    .flatMap((prelude) => prelude.split(/,(?![^(]*\))/))
    .map((selector) => selector.trim().replace(/\s+/g, ' '))
}

/** beginOf is the first compound of a selector without what stands in parentheses: "a.pb-x:not(.y) b" gives "a.pb-x:not". */
const beginOf = (selector: string) => selector.replace(/\([^)]*\)/g, '').split(/[ >+~]/)[0] ?? ''

/**
 * trespassesOf names each selector that reaches beyond the folder of its stylesheet. A class belongs to the folder where
 * rules begin with it; if shared/ has such a rule, to shared/. A page's rule begins with a class of its own (or an id), or
 * with a shared class when a class of its own narrows it: ".pb-card .pb-own".
 */
function trespassesOf(sources: Sources): string[] {
  const rules = Object.keys(sources)
    .filter((path) => path.endsWith('.css'))
    .flatMap((path) =>
      selectorsOf(sources[path] ?? '').map((selector) => ({
        path,
        folder: path.split('/')[0] ?? '',
        selector,
      })),
    )
  const begun = new Map<string, Set<string>>()
  for (const { folder, selector } of rules)
    for (const name of classesOf(beginOf(selector)))
      begun.set(name, (begun.get(name) ?? new Set<string>()).add(folder))
  const ownerOf = (name: string) => {
    const folders = [...(begun.get(name) ?? [])]
    return folders.includes('shared') ? 'shared' : folders.join(' and ')
  }
  return rules
    .filter(({ folder }) => folder !== 'shared')
    .flatMap(({ path, folder, selector }) => {
      const first = classesOf(beginOf(selector))
      const narrowed = classesOf(selector).some((name) => ownerOf(name) === folder)
      const foreign = first.filter((name) =>
        ownerOf(name) === 'shared' ? !narrowed : ownerOf(name) !== folder,
      )
      if (first.length === 0 && !selector.startsWith('#'))
        return [`${path}: ${selector} begins with no class of ${folder}`]
      return foreign.map((name) => `${path}: ${selector} begins with .${name} of ${ownerOf(name)}`)
    })
}

const eagerImport = /^import (?!type )[^']*'(\.[^']+)'/gm
const anyImport = /(?:^import (?!type )[^']*|\bimport\()'(\.[^']+)'/gm

/** loadedBy adds to seen what a module loads, itself included. Only the router's lazy imports are pages of their own. */
function loadedBy(sources: Sources, path: string, seen = new Set<string>()) {
  if (seen.has(path)) return seen
  seen.add(path)
  const imports = path === 'router.tsx' ? eagerImport : anyImport
  for (const [, name] of path.endsWith('.css') ? [] : (sources[path] ?? '').matchAll(imports)) {
    const ends = ['', '.ts', '.tsx'].map((end) => join(path, '..', `${name}${end}`))
    const next = ends.find((file) => file in sources)
    if (next) loadedBy(sources, next, seen)
  }
  return seen
}

/** unstyledOf names the classes of each page for which there is a rule, but in no stylesheet that the page loads. */
function unstyledOf(sources: Sources): string[] {
  const styledBy = (paths: string[]) =>
    new Set(paths.filter((path) => path.endsWith('.css')).flatMap((path) => classesOf(sources[path] ?? '')))
  const anywhere = styledBy(Object.keys(sources))
  const frame = loadedBy(sources, 'main.tsx')
  const pages = [...(sources['router.tsx'] ?? '').matchAll(/\bimport\('\.\/([^']+)'\)/g)]
  return pages.flatMap(([, page]) => {
    const loaded = [...new Set([...frame, ...loadedBy(sources, `${page}.tsx`)])]
    const here = styledBy(loaded)
    const used = loaded
      .filter((path) => path.endsWith('.tsx'))
      .flatMap((path) => (sources[path] ?? '').match(/\bpb-[\w-]+/g) ?? [])
    return [...new Set(used)]
      .filter((name) => anywhere.has(name) && !here.has(name))
      .map((name) => `${page} uses .${name}`)
  })
}

test('a stylesheet of a page speaks only of that page', () => {
  expect(trespassesOf(sources)).toEqual([])
})

test('trespassesOf finds each kind of trespass and nothing else', () => {
  const found = trespassesOf({
    'shared/app.css': '*, a:hover { } .pb-page > div { } @media (max-width: 9px) { .pb-card { } }',
    'one/one.css': `
      /* .ant-btn { } */ @keyframes turn { from { top: 0 } to { top: 1px } }
      #one, .pb-own, .pb-own .ant-btn, .pb-card dd:has(.pb-own), .pb-card.pb-own { }
      .pb-page code { } @media (max-width: 9px) { .pb-card { top: 0 } }
      .pb-bar { }`,
    'two/two.css': '.pb-bar.open span { } .pb-card .pb-own { } code { } .ant-btn, :is(.pb-two, p) b { }',
  })
  expect(found).toEqual([
    'one/one.css: .pb-page code begins with .pb-page of shared',
    'one/one.css: .pb-card begins with .pb-card of shared',
    'one/one.css: .pb-bar begins with .pb-bar of one and two',
    'two/two.css: .pb-bar.open span begins with .pb-bar of one and two',
    'two/two.css: .pb-card .pb-own begins with .pb-card of shared',
    'two/two.css: code begins with no class of two',
    'two/two.css: .ant-btn begins with no class of two',
    'two/two.css: :is(.pb-two, p) b begins with no class of two',
  ])
})

test('a page loads the stylesheets of the classes that it uses', () => {
  expect(unstyledOf(sources)).toEqual([])
})

test('unstyledOf finds a class that only another page styles', () => {
  const found = unstyledOf({
    'main.tsx': "import './shared/app.css'\nimport { router } from './router'",
    'router.tsx': "lazy(() => import('./one/One'))\nlazy(() => import('./two/Two'))",
    'shared/app.css': '.pb-page { }',
    'one/One.tsx': "import { Part } from './Part'\nimport './one.css'",
    'one/Part.tsx': '<p className="pb-page pb-own pb-unheard" />',
    'one/one.css': '.pb-own { }',
    'two/Two.tsx': 'import type { Part } from \'../one/One\'\n<p className="pb-page pb-own" />',
  })
  expect(found).toEqual(['two/Two uses .pb-own'])
})
