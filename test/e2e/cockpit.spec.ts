import type { Page } from '@playwright/test'
import { ask, expect, open, settled, test } from './world'

interface Reading {
  value: number | null
  unit: string
  period: string
  groups: { key: string; name: string; value: number | null }[]
}

interface Rows {
  count: number
  sum: number | null
  items: { id: string; name: string }[]
}

const commissioned = 'tenancy.production.cumulative'

const figure = (text: string) => Number(text.replace(/[^\d.-]/g, ''))

async function period(page: Page): Promise<string> {
  return (await ask<{ default_period: string }>(page, '/me')).default_period
}

test('the tiles show what the API answers', async ({ page }) => {
  await open(page, '/')
  for (const [name, code] of [
    ['累计投产企业', commissioned],
    ['已纳统企业', 'tenancy.enrolled.cumulative'],
    ['千亩以上园区', 'park.over_1000_mu'],
  ]) {
    const { value } = await ask<Reading>(page, `/readings?indicator=${code}&period=${await period(page)}`)
    const tile = page.locator('.pb-tile').filter({ has: page.getByRole('button', { name, exact: true }) })
    expect(figure(await tile.locator('.pb-tile-value').innerText()), name).toBe(value)
  }
})

test('a screen with simulated figures says so in words', async ({ page }) => {
  await open(page, '/')
  await expect(page.getByText('演示数据：企业、项目与月报为模拟生成')).toBeVisible()
  await expect(page.locator('.pb-tile').first().getByText('模拟')).toBeVisible()
})

test('picking a tile makes everything below follow, and the address carries it', async ({ page }) => {
  await open(page, '/')
  await page.getByRole('button', { name: '园区企业产值', exact: true }).click()
  await expect(page).toHaveURL(/ind=filing\.output\.year/)
  await expect(page.getByRole('button', { name: '园区企业产值', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(page.locator('.pb-by-org thead')).toContainText('元')
  await page.reload()
  await settled(page)
  await expect(page.getByRole('button', { name: '园区企业产值', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
})

test('a county goes one level down, the trail goes back up', async ({ page }) => {
  await open(page, `/?ind=${commissioned}`)
  const { groups } = await ask<Reading>(
    page,
    `/readings?indicator=${commissioned}&by=org&period=${await period(page)}`,
  )
  const county = groups.find(({ key, value }) => key !== '' && (value ?? 0) > 0)
  expect(county).toBeDefined()
  const panel = page.locator('.pb-by-org')
  await panel.getByRole('button', { name: county?.name ?? '', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`org=${county?.key}`))
  await settled(page)
  const tile = page
    .locator('.pb-tile')
    .filter({ has: page.getByRole('button', { name: '累计投产企业', exact: true }) })
  await expect(tile.locator('.pb-tile-value')).toHaveText(
    new RegExp(`^${county?.value?.toLocaleString('en-US')}`),
  )
  await page.getByRole('navigation', { name: '当前位置' }).getByRole('button').first().click()
  await expect(page).toHaveURL(/org=350500/)
})

test('every number opens the rows that it was counted from', async ({ page }) => {
  await open(page, `/?ind=${commissioned}`)
  const when = await period(page)
  const { groups } = await ask<Reading>(page, `/readings?indicator=${commissioned}&by=org&period=${when}`)
  const county = groups.find(({ key, value }) => key !== '' && (value ?? 0) > 0)
  const cell = page
    .locator('.pb-by-org')
    .getByRole('button', { name: new RegExp(`^${county?.name}：.*打开明细`) })
  await cell.click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByText(/与所示的 .* 一致/)).toBeVisible()
  const rows = await ask<Rows>(
    page,
    `/readings/rows?indicator=${commissioned}&by=org&group=${county?.key}&period=${when}&limit=5`,
  )
  expect(rows.count).toBe(county?.value)
  await expect(drawer.locator('.pb-sum')).toContainText(`共 ${rows.count.toLocaleString('en-US')} 行`)
  await expect(drawer.getByRole('link', { name: rows.items[0]?.name })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(page).not.toHaveURL(/rows=/)
})

test('the rows of all headline numbers add up', async ({ page }) => {
  test.setTimeout(120_000)
  await open(page, '/')
  const tiles = await page.locator('.pb-tile-value').count()
  for (let at = 0; at < tiles; at++) {
    await page.locator('.pb-tile-value').nth(at).click()
    const drawer = page.getByRole('dialog')
    await expect(drawer.locator('.pb-sum')).toContainText('一致')
    await expect(drawer.locator('.pb-sum')).not.toContainText('不一致')
    await page.keyboard.press('Escape')
    await expect(drawer).toBeHidden()
  }
})

test('a ratio opens its numerator and its denominator', async ({ page }) => {
  await open(page, '/?ind=premises.leasing_rate&rows=total')
  const drawer = page.getByRole('dialog')
  await expect(drawer.locator('.pb-sum')).toContainText('÷')
  await drawer.getByText(/^分母：/).click()
  await expect(page).toHaveURL(/part=denominator/)
  await expect(drawer.locator('tbody tr').first()).toBeVisible()
})

test('a month of the trend opens its rows', async ({ page }) => {
  await open(page, '/?ind=tenancy.production.new&period=2024')
  const panel = page.locator('.pb-trend')
  await panel.getByText('表', { exact: true }).click()
  await panel.getByRole('button', { name: /^2024年3月：/ }).click()
  await expect(page).toHaveURL(/rows=month%3A2024-03/)
  await expect(page.getByRole('dialog').getByText(/一致/)).toBeVisible()
})

test('the drawer is reached and left by keyboard alone', async ({ page }) => {
  await open(page, '/')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused()
  await page.keyboard.press('Enter')
  const value = page.locator('.pb-tile-value').first()
  for (
    let tries = 0;
    tries < 12 && !(await value.evaluate((node) => node === document.activeElement));
    tries++
  ) {
    await page.keyboard.press('Tab')
  }
  await expect(value).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await expect(page.getByRole('dialog').getByText(/一致/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('quarter and month are chosen beside the year', async ({ page }) => {
  await open(page, '/?period=2024')
  await page.getByText('季', { exact: true }).click()
  await expect(page).toHaveURL(/period=2024-Q4/)
  await page.getByText('月', { exact: true }).click()
  await expect(page).toHaveURL(/period=2024-12/)
})

test('the search finds a park by a part of its name', async ({ page }) => {
  const { items } = await ask<{ items: { id: string; name: string }[] }>(page, '/parks?limit=5')
  const park = items[2]
  await open(page, '/enterprises')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /园区、企业/ }).fill(park?.name.slice(0, 8) ?? '')
  await expect(page.getByRole('option', { name: park?.name }).first()).toBeVisible()
  await page.getByRole('option', { name: park?.name }).first().click()
  await expect(page).toHaveURL(new RegExp(`/parks/${park?.id}`))
  await expect(page.locator('h1')).toHaveText(park?.name ?? '')
})
