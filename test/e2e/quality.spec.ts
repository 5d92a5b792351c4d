// Figures that can hardly be right, as questions with their evidence.
import { officeFile, startTown, townAddress } from './town'
import { ask, axe, expect, open, settled, speak, test } from './world'

const town = 2

test.describe.configure({ mode: 'serial' })
test.use({ baseURL: townAddress(town), storageState: officeFile(town, 'office.a') })

let stop: (() => Promise<void>) | undefined
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stop = await startTown(town, [{ name: 'office.a', role: 'city_office', org: '350500' }], 2400)
})
test.afterAll(() => stop?.())

interface Findings {
  items: { id: string; check: string; severity: string; enterprise: string; name: string; message: string }[]
}

test('findings are shown as questions, with their rows, and lead to the return', async ({ page }, info) => {
  const { items } = await ask<Findings>(page, '/findings?limit=50')
  expect(items.length).toBeGreaterThan(0)
  await open(page, '/quality')
  await expect(page.getByText('每条疑点都是一个问题')).toBeVisible()
  await expect(page.locator('.pb-finding')).toHaveCount(items.length)
  const about = items.findIndex(({ enterprise }) => enterprise !== '')
  const card = page.locator('.pb-finding').nth(about)
  await expect(card).toContainText(items[about]?.message ?? '')
  await card.getByRole('button', { name: '看依据' }).click()
  await expect(page).toHaveURL(/finding=/)
  await expect(card.getByRole('table', { name: '依据' }).getByRole('row').nth(1)).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('quality.png') })
  await page.reload()
  await settled(page)
  await expect(card.getByRole('table', { name: '依据' })).toBeVisible()
})

test('the filters live in the address', async ({ page }) => {
  const { items } = await ask<Findings>(page, '/findings?limit=50')
  const check = items[0]?.check ?? ''
  const those = await ask<Findings>(page, `/findings?limit=50&check=${check}`)
  await open(page, `/quality?check=${check}`)
  await expect(page.locator('.pb-finding')).toHaveCount(those.items.length)
  await page.getByRole('combobox', { name: '程度' }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: '供参考' }).click()
  await expect(page).toHaveURL(/severity=note/)
  const notes = await ask<Findings>(page, `/findings?limit=50&check=${check}&severity=note`)
  await expect(page.locator('.pb-finding')).toHaveCount(notes.items.length)
})

test.describe('in English on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('the page fits and has no violation', async ({ page }, info) => {
    await speak(page, 'en')
    await open(page, '/quality')
    await page.getByRole('button', { name: 'Show the evidence' }).first().click()
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect(over).toBeLessThanOrEqual(0)
    expect(await axe(page)).toEqual([])
    await page.screenshot({ path: info.outputPath('phone.png') })
  })
})
