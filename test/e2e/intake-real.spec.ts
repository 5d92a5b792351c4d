// Two consecutive reports of a real office, mapped and imported through the wizard where they are at hand.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, firstID, open, test } from './world'

const shared = join(__dirname, '../../../shared/data')
const january = join(shared, 'pipelines/GIS_Report_January_2023.xlsx')
const february = join(shared, 'pipelines/GIS_Report_February_2023.xlsx')

async function factOf(page: Page, name: string): Promise<number> {
  const fact = page.locator('.pb-report > div').filter({ has: page.getByText(name, { exact: true }) })
  return Number((await fact.locator('dd').innerText()).replace(/\D/g, ''))
}

test('the second report of an office shows only what changed, and a word for unknown never becomes a date', async ({
  page,
}, info) => {
  test.skip(!existsSync(january) || !existsSync(february), 'the reports are not at hand')
  test.setTimeout(240_000)
  const upload = async (file: string) => {
    await open(page, '/imports?form=project_list&subject=350500')
    await page.locator('input[type=file]').setInputFiles(file)
    await expect(page.getByRole('button', { name: '开始检查' })).toBeVisible()
  }
  const count = (name: string) => factOf(page, name)

  await upload(january)
  await expect(page.getByRole('spinbutton', { name: '表头首行' })).toHaveValue('30')
  const unknown = page.getByRole('button', { name: '“1900-01-01”即未知' })
  while ((await unknown.count()) > 0) await unknown.first().click()
  await page.getByRole('button', { name: '开始检查' }).click()
  await page.getByRole('button', { name: /^“Not Required”即未知/ }).click()
  const all = page.getByRole('button', { name: /^(全部写入|只写入可用的)/ })
  await expect(page.getByRole('button', { name: /^“Not Required”即未知/ })).toHaveCount(0)
  await expect(all).toBeVisible()
  expect(await count('新增')).toBeGreaterThan(1000)
  await all.click()
  await expect(page.getByText(/^已写入 [\d,]+ 条记录/)).toBeVisible({ timeout: 60_000 })

  await upload(february)
  await expect(page.getByText('沿用本单位上次保存的对应关系')).toBeVisible()
  await page.getByRole('button', { name: '开始检查' }).click()
  await expect(page.getByRole('table', { name: '变化明细' })).toBeVisible()
  expect(await count('无变化')).toBeGreaterThan(await count('有变化'))
  expect(await count('新增')).toBeLessThan(200)
  await expect(page.getByRole('table', { name: '变化明细' })).not.toContainText('1900')
  await page.screenshot({ path: info.outputPath('february.png'), fullPage: true })
})

interface Office {
  what: string
  file: string
  form: string
  of: 'city' | 'park'
  rows: number // that can be committed
  bad: number
}

// What each file is read as follows from its titles and cells alone; nothing is corrected by hand.
const offices: Office[] = [
  {
    what: 'a planning list in another encoding',
    file: join(shared, 'pipelines/repd_first_500_lines.csv'),
    form: 'project_list',
    of: 'city',
    rows: 450,
    bad: 2,
  },
  {
    what: 'a registry with the years of the Republic',
    file: join(shared, 'registries/factories_sample.csv'),
    form: 'enterprise_register',
    of: 'city',
    rows: 1036,
    bad: 0,
  },
  {
    what: 'an old workbook of a park',
    file: join(__dirname, 'fixtures/rent.xls'),
    form: 'premises_ledger',
    of: 'park',
    rows: 2,
    bad: 1,
  },
]

for (const { what, file, form, of, rows, bad } of offices) {
  test(`${what} is mapped, checked and its good rows are committed`, async ({ page }) => {
    test.skip(!existsSync(file), 'the file is not at hand')
    test.setTimeout(120_000)
    const subject = of === 'city' ? '350500' : await firstID(page, 'parks')
    await open(page, `/imports?form=${form}&subject=${subject}`)
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByRole('button', { name: '开始检查' }).click()
    const write = page.getByRole('button', { name: /^(全部写入|只写入可用的)/ })
    await expect(write).toBeVisible({ timeout: 60_000 })
    expect((await factOf(page, '新增')) + (await factOf(page, '有变化'))).toBe(rows)
    await expect(page.locator('.pb-report')).toContainText(bad ? `${bad} 行` : '没有')
    await write.click()
    await expect(page.getByText(/^已写入 [\d,]+ 条记录/)).toContainText(rows.toLocaleString('en'), {
      timeout: 60_000,
    })
  })
}
