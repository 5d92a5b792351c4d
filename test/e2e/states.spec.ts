// Empty, refused and broken answers: every panel says so by itself and the rest of the page lives on.
import type { Page } from '@playwright/test'
import { axe, expect, settled, test } from './world'

test.use({ refusals: true })

const problem = (status: number, detail: string) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title: 'x', status, detail, key: 'test.refused', args: {} }),
})

async function visit(page: Page, path: string) {
  await page.goto(path)
  await settled(page)
}

test('a broken panel offers to try again and recovers', async ({ page }) => {
  let broken = true
  await page.route('**/api/v1/readings?*by=org*', (route) =>
    broken ? route.fulfill(problem(500, '内部错误')) : route.continue(),
  )
  await visit(page, '/')
  const panel = page.locator('.pb-by-org')
  await expect(panel.getByRole('alert')).toContainText('加载失败')
  await expect(page.locator('.pb-by-park tbody tr').first()).toBeVisible()
  expect(await axe(page)).toEqual([])
  broken = false
  await panel.getByRole('button', { name: '重试' }).click()
  await expect(panel.locator('tbody tr').first()).toBeVisible()
})

test('a refusal is told apart from a fault', async ({ page }) => {
  await page.route('**/api/v1/tenancies?*', (route) =>
    route.fulfill(problem(403, '您的角色无权执行此操作。')),
  )
  await visit(page, '/tenancies')
  await expect(page.getByRole('alert')).toContainText('没有权限')
  await expect(page.getByRole('alert')).toContainText('您的角色无权执行此操作。')
})

test('an unknown park is not found, and says why that may be', async ({ page }) => {
  await visit(page, '/parks/no-such-park')
  await expect(page.getByRole('alert')).toContainText('未找到')
})

test('an empty list says what to do', async ({ page }) => {
  await visit(page, '/parks?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E6%A0%B7%E7%9A%84%E5%9B%AD%E5%8C%BA')
  await expect(page.getByText('没有符合条件的园区')).toBeVisible()
  expect(await axe(page)).toEqual([])
})

test('a lost connection is named', async ({ page }) => {
  await page.route('**/api/v1/projects?*', (route) => route.abort())
  await visit(page, '/projects')
  await expect(page.getByRole('alert')).toContainText('连接不上服务器')
})
