// Filling in, sending off and reviewing in a town of its own: the sheet with its keys, the draft that survives a reload, the
// cell that two people changed, the warning that wants a reason, the approval of many of which one fails.
import type { Browser, Page } from '@playwright/test'
import { officeFile, startTown, townAddress } from './town'
import { ask, axe, expect, open, settled, speak, test } from './world'

const no = 7
const county = '350582'
const month = '2025-06'
const monthly = 'enterprise_monthly'
const list = `/filings/problems/org/${county}/-`

test.describe.configure({ mode: 'serial' })
test.use({ baseURL: townAddress(no), storageState: officeFile(no, 'county.a') })

let stop = async () => {}
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stop = await startTown(no, [
    { name: 'city.a', role: 'city_office', org: '350500' },
    { name: 'county.a', role: 'county_office', org: county },
  ])
})
test.afterAll(() => stop())

interface Row {
  subject: string
  subject_name: string
  version: number
  confirmed: boolean
  can: string[]
}

const rowsOf = async (page: Page, state: string) =>
  (await ask<{ items: Row[] }>(page, `/filings?form=${monthly}&period=${month}&state=${state}&limit=100`))
    .items

/** approved gives a return that was approved and that the enterprise did not confirm itself: the office may correct it. */
async function approved(page: Page): Promise<Row> {
  const row = (await rowsOf(page, 'approved')).find(({ confirmed }) => !confirmed)
  if (!row) throw new Error('no approved return that the office filed')
  return row
}

const cell = (page: Page, row: number, column: number) =>
  page.locator('.pb-grid-body .pb-grid-row').nth(row).locator('.pb-grid-cell').nth(column)

const unsaved = (page: Page) => page.locator('.pb-filing-deeds [role=status]')

/** paste puts text on the clipboard as a spreadsheet does and pastes it. */
async function paste(page: Page, text: string) {
  await page.evaluate((text) => {
    const data = new DataTransfer()
    data.setData('text/plain', text)
    document.activeElement?.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    )
  }, text)
}

/** reopen opens an approved return again as the city office does, so that it can be changed whatever the day is. */
async function reopen(browser: Browser, row: Row) {
  const city = await browser.newContext({ baseURL: townAddress(no), storageState: officeFile(no, 'city.a') })
  const answer = await city.request.post(
    `/api/v1/filings/${monthly}/enterprise/${row.subject}/${month}/reopen`,
    { headers: { 'If-Match': `"${row.version}"` }, data: { reason: '核对' } },
  )
  expect(answer.ok(), await answer.text()).toBe(true)
  await city.close()
  return `/filings/${monthly}/enterprise/${row.subject}/${month}`
}

test('the tasks say who owes what and when, and no page asks for a target', async ({ page }, info) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await open(page, `/tasks?period=${month}`)
  await expect(page.getByRole('heading', { name: '等我办理' })).toBeVisible()
  await expect(page.getByRole('table', { name: '全部报表' }).getByText('已通过').first()).toBeVisible()
  await expect(page.getByRole('table', { name: '各地填报情况' }).getByText('晋江市')).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('tasks.png'), fullPage: true })
  for (const path of [`/filings?form=${monthly}&period=${month}`, list, `/reviews?period=${month}`, '/forms'])
    await open(page, path)
  expect(asked.filter((url) => /target|readings/.test(url))).toEqual([])
})

test('the sheet takes typing, keys and a block from a spreadsheet, and keeps them over a reload', async ({
  page,
}, info) => {
  await open(page, list)
  const saved = (await ask<{ records: unknown[] }>(page, `/filings/problems/org/${county}/-`)).records.length
  await cell(page, saved, 0).click()
  await page.keyboard.type('WT-901')
  await page.keyboard.press('Tab')
  await page.keyboard.type('试验问题甲')
  await page.keyboard.press('Enter')
  await expect(unsaved(page)).toHaveText('2 处未保存')
  await page.keyboard.press('Home')
  await paste(page, 'WT-902\t试验问题乙\r\nWT-903\t"两行\n文字"\r\n')
  await expect(unsaved(page)).toHaveText('6 处未保存')
  await page.keyboard.press('Control+z')
  await expect(unsaved(page)).toHaveText('2 处未保存')
  await page.keyboard.press('Control+y')
  await expect(unsaved(page)).toHaveText('6 处未保存')
  await cell(page, saved, 1).dblclick()
  await page.keyboard.type('一')
  await page.keyboard.press('Escape')
  await expect(cell(page, saved, 1)).toHaveText('试验问题甲')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('sheet.png'), fullPage: true })

  await page.reload()
  await settled(page)
  await expect(page.getByText(/^本机有 6 处未保存的修改/)).toBeVisible()
  await page.getByRole('button', { name: '恢复' }).click()
  await expect(cell(page, saved + 1, 1)).toHaveText('试验问题乙')
  await cell(page, saved, 0).click()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab') // leaves the sheet
  await expect(page.locator('.pb-grid :focus')).toHaveCount(0)
  await page.getByRole('button', { name: '放弃', exact: true }).waitFor({ state: 'detached' })
})

test('without a connection nothing is lost, and another person’s change is shown cell by cell', async ({
  page,
  browser,
}, info) => {
  test.setTimeout(120_000)
  const row = await approved(page)
  const path = await reopen(browser, row)
  await open(page, path)
  const output = page.getByLabel('工业总产值', { exact: true })
  await output.fill('约100')
  await page.keyboard.press('Tab')
  await expect(page.getByText('不是数字')).toBeVisible()
  await output.fill('１,234')
  await page.keyboard.press('Tab')
  await expect(output).toHaveValue('1234')

  // Meanwhile somebody else changes the same cell and another one.
  const { records, version } = await ask<{ records: { cells: object }[]; version: number }>(page, path)
  const other = await page.request.put(`/api/v1${path}/records`, {
    headers: { 'If-Match': `"${version}"` },
    data: { records: [{ key: '', cells: { ...records[0]?.cells, output: '1200', jobs: '77' } }] },
  })
  expect(other.ok(), await other.text()).toBe(true)
  await page.reload()
  await settled(page)
  await page.getByRole('button', { name: '恢复' }).click()
  const conflicts = page.getByRole('table', { name: '他人同时改动的数据' })
  await expect(conflicts.locator('tbody tr')).toHaveCount(1)
  await expect(conflicts.locator('tbody tr')).toContainText('1,200')
  await expect(page.getByRole('button', { name: '保存', exact: true })).toBeDisabled()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('conflict.png'), fullPage: true })
  await page.getByRole('button', { name: '用我的' }).click()
  await expect(output).toHaveValue('1234')
  await expect(page.getByLabel('期末从业人数', { exact: true })).toHaveValue('77')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(unsaved(page)).toHaveText('已全部保存')
})

test.describe('with refusals', () => {
  test.use({ refusals: true })

  test('a lost connection keeps the changes here until the next try', async ({ page, browser }) => {
    const row = await approved(page)
    await open(page, await reopen(browser, row))
    await page.getByLabel('备注', { exact: true }).fill('断线时写下')
    await page.route('**/records', (route) => route.abort())
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await expect(page.getByText('连接不上服务器，尚未保存')).toBeVisible()
    await page.unroute('**/records')
    await page.getByRole('button', { name: '重试' }).click()
    await expect(unsaved(page)).toHaveText('已全部保存')
  })
})

test('a warning wants a reason before the return is sent; each cell tells where it is from', async ({
  page,
  browser,
}, info) => {
  const row = await approved(page)
  await open(page, await reopen(browser, row))
  await page.getByLabel('工业总产值', { exact: true }).fill('999999')
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(unsaved(page)).toHaveText('已全部保存')
  await expect(page.locator('.pb-judged .warning').first()).toBeVisible()
  await page.getByRole('button', { name: '依据' }).first().click()
  await expect(page.locator('.pb-trace').first()).toContainText('工业总产值')
  const errors = await page.locator('.pb-judged .error').count()
  test.skip(errors > 0, 'this return has an error besides')
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(page.getByText(/处疑问要说明理由/)).toBeVisible()
  for (const reason of await page.getByLabel(/^说明理由：/).all()) await reason.fill('新生产线投产')
  await page.mouse.move(0, 0)
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('verdicts.png'), fullPage: true })

  await page.getByRole('button', { name: '来历：工业总产值', exact: true }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText('county.a')
  await expect(drawer).toContainText('999,999')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('table', { name: '审核后的改动' })).toContainText('999,999')
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await expect(page.locator('.pb-filing-line')).toContainText('已提交')
})

test('many enterprises are filled in one sheet, each saved on its own', async ({ page, browser }, info) => {
  const row = await approved(page)
  await reopen(browser, row)
  await open(page, `/filings?form=${monthly}&period=${month}&view=sheet&state=draft`)
  const line = page.getByRole('row').filter({ hasText: row.subject_name })
  const jobs = line.getByRole('gridcell').nth(
    await page
      .getByRole('columnheader')
      .allInnerTexts()
      .then((texts) => {
        const at = texts.findIndex((text) => text.startsWith('备注'))
        return at - 1
      }),
  )
  await expect(jobs).not.toHaveText('…')
  await jobs.click()
  await page.keyboard.type('成批填报')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 处未保存')).toBeVisible()
  await page.getByRole('button', { name: '保存', exact: true }).click()
  await expect(page.getByText('1 份中保存了 1 份')).toBeVisible()
  await page.getByLabel('上年同期').check()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('many.png'), fullPage: true })
})

test('an office approves many at once, and one that moved on meanwhile is named', async ({ page }, info) => {
  await open(page, `/reviews?form=${monthly}&period=${month}`)
  const mine = (await rowsOf(page, 'submitted')).filter(({ can }) => can.includes('approve'))
  expect(mine.length).toBeGreaterThan(2)
  const [gone, kept] = mine
  if (!gone || !kept) throw new Error('too few returns wait')
  for (const { subject_name } of [gone, kept]) await page.getByLabel(`选择 ${subject_name}`).check()
  const returned = await page.request.post(
    `/api/v1/filings/${monthly}/enterprise/${gone.subject}/${month}/return`,
    { headers: { 'If-Match': `"${gone.version}"` }, data: { reason: '请核对产值' } },
  )
  expect(returned.ok(), await returned.text()).toBe(true)
  await page.getByRole('button', { name: '通过所选 2 份' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '通过', exact: true }).click()
  await expect(page.getByText('2 份中通过了 1 份')).toBeVisible()
  await expect(page.getByText(`${gone.subject_name}:`)).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('review.png'), fullPage: true })

  await page.locator('.pb-review-name button').first().click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('table', { name: '填报内容' })).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('drawer.png') })
  await drawer.getByRole('button', { name: '退回' }).click()
  const ask = page.getByRole('dialog').filter({ hasText: '退回给填报人修改' })
  await ask.getByRole('button', { name: '退回' }).click()
  await expect(ask.getByText('请写明理由')).toBeVisible()
})

for (const language of ['zh-CN', 'en'] as const)
  test.describe(`on a phone (${language})`, () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

    test('the pages fit and pass axe', async ({ page }, info) => {
      test.setTimeout(120_000)
      await speak(page, language)
      const row = await approved(page)
      for (const path of [
        `/tasks?period=${month}`,
        `/filings?form=${monthly}&period=${month}`,
        `/filings/${monthly}/enterprise/${row.subject}/${month}`,
        list,
        `/reviews?period=${month}`,
      ]) {
        await open(page, path)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(over, path).toBeLessThanOrEqual(0)
        expect(await axe(page), path).toEqual([])
        await page.screenshot({ path: info.outputPath(`${path.replace(/\W+/g, '-')}.png`), fullPage: true })
      }
    })
  })
