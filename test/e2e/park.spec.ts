import { ask, expect, open, test } from './world'

interface Park {
  id: string
  name: string
  pilot: boolean | null
  figures: Record<string, { contradicted: boolean }>
}

test('the ledger filters by name and by pilot, and the address carries both', async ({ page }) => {
  await open(page, '/parks')
  await page.getByRole('searchbox', { name: '园区名称或别名' }).fill('晋江')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/q=/)
  const { items } = await ask<{ items: Park[] }>(page, `/parks?q=${encodeURIComponent('晋江')}&limit=500`)
  await expect(page.locator('tbody tr')).toHaveCount(Math.min(50, items.length))
  await open(page, '/parks?pilot=true')
  await expect(page.locator('tbody tr').first().getByText('试点')).toBeVisible()
})

test('a contradicted figure shows every statement and which one is used', async ({ page }) => {
  const { items } = await ask<{ items: Park[] }>(page, '/parks?limit=500')
  const park = items.find(({ figures }) => Object.values(figures).some(({ contradicted }) => contradicted))
  test.skip(park === undefined, 'no park of this city has contradicting sources')
  await open(page, `/parks/${park?.id}`)
  const statement = page.locator('.pb-statement').filter({ hasText: '来源不一' }).first()
  expect(await statement.locator('.pb-source').count()).toBeGreaterThan(1)
  await expect(statement.locator('.pb-source.used')).toHaveCount(1)
})

test('declared counts stand beside the counts of the ledger', async ({ page }) => {
  const { items } = await ask<{ items: Park[] }>(page, '/parks?limit=500')
  const park = items.find(({ figures }) => figures.tenants_signed)
  await open(page, `/parks/${park?.id}`)
  await expect(page.getByRole('heading', { name: '申报数与台账数' })).toBeVisible()
})

test('an enterprise has its stages with dates, and its months as a chart and as a table', async ({
  page,
}) => {
  const { items } = await ask<{ items: { id: string; stage: string }[] }>(
    page,
    '/enterprises?stage=production&limit=1',
  )
  await open(page, `/enterprises/${items[0]?.id}`)
  await expect(page.locator('.pb-steps li.done').first()).toBeVisible()
  await expect(page.getByText('不对应任何真实企业')).toBeVisible()
  await page.getByText('表', { exact: true }).click()
  expect(await page.getByRole('table', { name: '月报' }).locator('tbody tr').count()).toBeGreaterThan(0)
})
