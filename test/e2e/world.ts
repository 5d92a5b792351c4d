// What every spec shares: the administrator, the pages, and a page that fails its test on any console error and on any
// request to another host.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'

export { expect }

export const admin = {
  username: 'admin',
  password: process.env.PARKBRAIN_ADMIN_PASSWORD || 'e2e-only-Passw0rd-2024',
}

export const sessionFile = join(__dirname, '../../web/test-results/session.json')

interface Watch {
  /** Set to true where the spec provokes refusals, which the browser writes to its console. */
  refusals: boolean
}

export const test = base.extend<Watch>({
  refusals: [false, { option: true }],
  storageState: sessionFile,
  page: async ({ page, baseURL, refusals }, use) => {
    const faults: string[] = []
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      if (refusals && message.text().startsWith('Failed to load resource')) return
      faults.push(`console ${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => faults.push(`page error: ${error.message}`))
    page.on('request', (sent) => {
      const url = new URL(sent.url())
      if (/^https?:$/.test(url.protocol) && url.origin !== baseURL) faults.push(`request to ${url.origin}`)
    })
    await use(page)
    expect(faults).toEqual([])
  },
})

/** settled waits until a page has its content: nothing is loading any more. */
export async function settled(page: Page) {
  await expect(page.locator('h1')).toBeVisible()
  await expect(page.locator('.pb-loading')).toHaveCount(0)
  await page.waitForLoadState('networkidle')
}

export async function open(page: Page, path: string) {
  await page.goto(path)
  await settled(page)
}

export async function speak(page: Page, language: 'zh-CN' | 'en') {
  await page.addInitScript((code) => localStorage.setItem('parkbrain.language', code), language)
}

/** axe gives the violations of WCAG 2.2 A and AA in a form that reads well in a failure. */
export async function axe(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  )
}

/** ask reads the API with the session of the page. */
export async function ask<Body>(page: Page, path: string): Promise<Body> {
  const answer = await page.request.get(`/api/v1${path}`)
  expect(answer.ok(), `GET ${path}: ${answer.status()}`).toBe(true)
  return answer.json()
}

type Texts = { [key: string]: string | Texts }

/** catalogueKeys lists the keys of the message catalogue: none may ever be seen on a screen. */
export function catalogueKeys(): string[] {
  const file = join(__dirname, '../../web/src/messages/zh-CN.json')
  const walk = (texts: Texts, prefix: string): string[] =>
    Object.entries(texts).flatMap(([key, text]) =>
      typeof text === 'string' ? [prefix + key] : walk(text, `${prefix}${key}.`),
    )
  return walk(JSON.parse(readFileSync(file, 'utf8')), '')
}

/** firstID gives the id of the first row of a list of the API. */
export async function firstID(
  page: Page,
  list: 'parks' | 'enterprises' | 'tenancies' | 'projects',
): Promise<string> {
  const { items } = await ask<{ items: { id: string }[] }>(page, `/${list}?limit=1`)
  expect(items.length).toBeGreaterThan(0)
  return items[0]?.id ?? ''
}

/** paths lists one address of every page that the administrator can open. */
export async function paths(page: Page): Promise<string[]> {
  const [park, enterprise] = [await firstID(page, 'parks'), await firstID(page, 'enterprises')]
  const [tenancy, project] = [await firstID(page, 'tenancies'), await firstID(page, 'projects')]
  return [
    '/',
    '/?ind=premises.leasing_rate&rows=total',
    '/parks',
    `/parks/${park}`,
    '/enterprises',
    `/enterprises/${enterprise}`,
    '/tenancies',
    `/tenancies/${tenancy}`,
    '/projects',
    `/projects/${project}`,
    '/pipeline',
    '/pipeline?view=table',
    '/pipeline?view=gantt',
    '/pipeline?view=funnel',
    '/pipeline?view=baseline',
    '/readiness',
    `/readiness/${enterprise}`,
    '/problems',
    '/problems?tab=breaches',
    '/problems?tab=rules',
    '/quarter-reviews',
    '/imports',
    '/imports/parks',
    '/quality',
    '/closings',
    '/tasks?period=2025-06',
    '/filings?form=enterprise_monthly&period=2025-06',
    '/reviews?period=2025-06',
    '/forms',
    '/forms/enterprise_monthly',
    '/lifecycles',
    '/lifecycles/tenancy',
    '/users',
    '/tokens',
    '/password',
    '/nowhere',
  ]
}
