// From the first administrator to a recorded figure: the three administrators' work is divided, and each sees only their own.
import type { Browser, Page } from '@playwright/test'
import { ask, axe, expect, open, settled, test } from './world'

const own = (name: string) => `${name}-Passw0rd-2024`

async function create(page: Page, username: string): Promise<string> {
  await open(page, '/users')
  await page.getByRole('button', { name: '新建用户' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('用户名').fill(username)
  await drawer.getByRole('button', { name: '保存' }).click()
  const secret = drawer.locator('.pb-secret')
  await expect(secret).toBeVisible()
  return secret.innerText()
}

async function grant(page: Page, username: string, role: string, orgCode?: string) {
  await open(page, '/users')
  await page.getByRole('row').filter({ hasText: username }).getByRole('button', { name: '授权' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('角色').click()
  await page.getByTitle(role, { exact: true }).last().click()
  if (orgCode) await drawer.getByLabel('所属').fill(orgCode)
  await drawer.getByRole('button', { name: '授权' }).click()
  await expect(drawer).toBeHidden()
  await expect(page.getByRole('row').filter({ hasText: username })).toContainText(role)
}

/** enter signs in with a one-time password in a browser of its own and sets a password, as everybody must. */
async function enter(
  browser: Browser,
  baseURL: string | undefined,
  username: string,
  once: string,
): Promise<Page> {
  const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.goto('/')
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码', { exact: true }).fill(once)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.locator('h1')).toHaveText('修改密码')
  await page.getByLabel('当前密码').fill(once)
  await page.getByLabel('新密码', { exact: true }).fill(own(username))
  await page.getByLabel('再次输入新密码').fill(own(username))
  await page.getByRole('button', { name: '保存新密码' }).click()
  await expect(page.locator('h1')).not.toHaveText('修改密码')
  await settled(page)
  return page
}

test('administrators appoint the office, and the office records and chooses a figure', async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(120_000)
  const guardOnce = await create(page, 'guard')
  const officeOnce = await create(page, 'office')
  const auditorOnce = await create(page, 'auditor')
  await grant(page, 'guard', '安全管理员')

  const guard = await enter(browser, baseURL, 'guard', guardOnce)
  await expect(guard.locator('h1')).toHaveText('用户')
  await expect(guard.getByRole('link', { name: '园区', exact: true })).toHaveCount(0)
  expect(await axe(guard)).toEqual([])
  await grant(guard, 'office', '市园区办', '350500')
  await grant(guard, 'auditor', '审计管理员')

  const office = await enter(browser, baseURL, 'office', officeOnce)
  await expect(office.locator('h1')).toHaveText('总览')
  const { items } = await ask<{ items: { id: string; figures: Record<string, { nature: string }> }[] }>(
    office,
    '/parks?limit=500',
  )
  const park = items.findLast(({ figures }) => figures.land_area && figures.land_area.nature !== 'simulated')
  await open(office, `/parks/${park?.id}`)
  await office.getByRole('button', { name: '登记数据' }).click()
  const form = office.getByRole('dialog')
  await form.getByLabel('数值').fill('约100')
  await form.getByLabel('来源').fill('现场核对记录')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(form.getByRole('alert')).toBeVisible()
  expect(await axe(office)).toEqual([])
  await form.getByLabel('数值').fill('123.25')
  await form.getByRole('button', { name: '保存' }).click()
  await expect(form).toBeHidden()
  const land = office
    .locator('.pb-statement')
    .filter({ has: office.getByRole('heading', { name: '土地面积' }) })
  await expect(land).toContainText('来源不一')
  await expect(land.locator('.pb-source').filter({ hasText: '现场核对记录' })).toContainText('123.25')

  await land.getByRole('button', { name: '采用这个' }).first().click()
  await office.getByRole('dialog').getByLabel('理由').fill('以现场核对为准')
  await office.getByRole('dialog').getByRole('button', { name: '采用这个' }).click()
  await expect(office.getByRole('dialog')).toBeHidden()
  await expect(land).toContainText('由人工指定采用')

  const auditor = await enter(browser, baseURL, 'auditor', auditorOnce)
  await expect(auditor.locator('h1')).toHaveText('审计')
  await expect(auditor.getByRole('row').filter({ hasText: 'office' }).first()).toBeVisible()
  expect(await axe(auditor)).toEqual([])
})

test('a token is shown once and can be taken back', async ({ page }) => {
  await open(page, '/tokens')
  await page.getByLabel('用途').fill('月报接口')
  await page.getByRole('button', { name: '新建令牌' }).click()
  await expect(page.locator('.pb-secret')).toContainText('pbt_')
  await page.reload()
  await settled(page)
  await expect(page.locator('.pb-secret')).toHaveCount(0)
  const row = page.getByRole('row').filter({ hasText: '月报接口' })
  await row.getByRole('button', { name: '收回' }).click()
  await page.getByRole('tooltip').getByRole('button', { name: '收回' }).click()
  await expect(row).toHaveCount(0)
})
