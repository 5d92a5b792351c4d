// An office's own workbook on its way into filings: mapped, checked, mended, committed, undone. The fixtures are a list of leads
// with a title above its header, a formula beside it and another sheet behind it; the mended one differs in one cell.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { axe, expect, open, settled, test } from './world'

const fixture = (name: string) => join(__dirname, 'fixtures', name)

const csv = (name: string, text: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(text, 'utf8'),
})

/** choose takes an answer of a select by its words. */
async function choose(page: Page, select: string, answer: string | RegExp) {
  const field = page.getByRole('combobox', { name: select, exact: true })
  await field.click()
  await page.locator('.ant-select-item-option').filter({ hasText: answer }).first().click()
}

const column = (page: Page, letter: string) =>
  page.getByRole('row').filter({ has: page.locator(`#column-${letter}`) })

async function startLeads(page: Page) {
  await open(page, '/imports?form=leads&subject=350500')
}

async function leave(page: Page) {
  await page.getByRole('button', { name: '放弃这次导入' }).click()
  await page.getByRole('tooltip').getByRole('button', { name: '放弃这次导入' }).click()
  await expect(page).toHaveURL(/\/imports($|\?)/)
}

test('a workbook is mapped, checked, mended, committed and undone, and a target is never asked for', async ({
  page,
}, info) => {
  test.setTimeout(120_000)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))

  await startLeads(page)
  expect(await axe(page)).toEqual([])
  await page.locator('input[type=file]').setInputFiles(fixture('leads-broken.xlsx'))

  await expect(page).toHaveURL(/\/imports\/\w{20,}/)
  await settled(page)
  const address = page.url()
  expect(await axe(page)).toEqual([])
  await expect(column(page, 'A').getByRole('combobox').first()).toBeVisible()
  await expect(column(page, 'D')).toContainText('列名相同')
  await expect(page.getByText('表头上方：2026年招商线索（试验）')).toBeVisible()
  await choose(page, 'C 列对应的数据项', '线索阶段')
  await column(page, 'E').getByRole('button', { name: '“Not Required”即未知' }).click()
  await page.screenshot({ path: info.outputPath('mapping.png'), fullPage: true })

  await page.reload() // what was corrected and not yet sent is kept
  await settled(page)
  await expect(column(page, 'C')).toContainText('线索阶段')
  await expect(column(page, 'E')).toContainText('Not Required')
  await page.getByRole('button', { name: '开始检查' }).click()

  const problems = page.getByRole('table', { name: '问题' })
  await expect(problems.getByRole('row')).toHaveCount(2)
  await expect(problems).toContainText('约800')
  await expect(page.getByRole('table', { name: '变化明细' })).toContainText('E2E-X1')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('checked.png'), fullPage: true })
  await problems.getByRole('button', { name: 'D4' }).click()
  await expect(page.getByRole('dialog')).toContainText('约800')
  await expect(page).toHaveURL(/cell=/)
  expect(await axe(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: '看这一列的对应' }).click()
  await expect(page.locator('#column-D')).toBeFocused()
  await page.goto(address) // a link that somebody was sent
  await settled(page)

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载批注版' }).click()
  const answer = readFileSync(await (await download).path())
  expect(answer.subarray(0, 2).toString()).toBe('PK')
  expect((await download).suggestedFilename()).toContain('leads-broken')

  await page.locator('input[type=file]').setInputFiles(fixture('leads-mended.xlsx'))
  await page.getByRole('button', { name: '全部写入（3 行）' }).click()
  await expect(page.getByRole('status').filter({ hasText: '已写入 3 条记录' })).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('committed.png'), fullPage: true })

  await startLeads(page) // the same file again changes nothing, and its mapping was kept
  await page.locator('input[type=file]').setInputFiles(fixture('leads-mended.xlsx'))
  await expect(page.getByText('沿用本单位上次保存的对应关系')).toBeVisible()
  await page.getByRole('button', { name: '开始检查' }).click()
  await expect(page.getByText('与台账完全一致，没有需要写入的内容。')).toBeVisible()
  await leave(page)

  await page.goto(address)
  await settled(page)
  await page.getByRole('button', { name: '撤销整批' }).click()
  await page.getByRole('dialog').getByLabel('理由').fill('试验完毕')
  await page.getByRole('dialog').getByRole('button', { name: '撤销整批' }).click()
  await expect(page.getByText('这一批已整体撤销')).toBeVisible()
  await expect(page.getByRole('button', { name: '撤销整批' })).toHaveCount(0)

  expect(asked.filter((url) => /target|readings/.test(url))).toEqual([])
})

test('of a list in GB18030 the good rows are committed and the others stay to be mended', async ({
  page,
}) => {
  await startLeads(page)
  // 线索编号,企业名称,线索阶段,拟投资额(万元) in GB18030, so that no decoder of this test's own stands between.
  const heading = 'cfdfcbf7b1e0bac52cc6f3d2b5c3fbb3c62ccfdfcbf7bdd7b6ce2cc4e2cdb6d7cab6ee28cdf2d4aa29'
  const talks = 'd4daccb8' // 在谈
  const row = (key: string, amount: string) =>
    Buffer.concat([
      Buffer.from(`\r\n${key},Firm ${key},`),
      Buffer.from(talks, 'hex'),
      Buffer.from(`,${amount}`),
    ])
  await page.locator('input[type=file]').setInputFiles({
    name: 'leads.csv',
    mimeType: 'text/csv',
    buffer: Buffer.concat([Buffer.from(heading, 'hex'), row('E2E-G1', '100'), row('E2E-G2', 'x1')]),
  })
  await page.getByRole('button', { name: '开始检查' }).click()
  await page.getByRole('button', { name: '只写入可用的 1 行（1 行留待改正）' }).click()
  await expect(page.getByRole('status').filter({ hasText: '已写入 1 条记录' })).toBeVisible()
})

test('the header is where the user says that it is', async ({ page }) => {
  await startLeads(page)
  const text = '线索编号,企业名称\n甲,乙\n线索编号,企业名称,线索阶段\nE2E-H1,试验企业,在谈\n'
  await page.locator('input[type=file]').setInputFiles(csv('twice.csv', text))
  await expect(column(page, 'C')).toContainText('线索阶段')
  await page.getByRole('spinbutton', { name: '表头首行' }).fill('1')
  await page.getByRole('spinbutton', { name: '表头末行' }).fill('1')
  await page.getByRole('button', { name: '重新识别' }).click()
  await expect(column(page, 'B')).toContainText('企业名称')
  await expect(page.locator('#column-C')).toHaveCount(0)
  await leave(page)
})

test.describe('when the connection fails', () => {
  test.use({ refusals: true })

  test('the file and the corrections are kept, and sent again', async ({ page }) => {
    await startLeads(page)
    let down = true
    await page.route('**/api/v1/intakes**', (route) =>
      down && route.request().method() !== 'GET' ? route.abort() : route.continue(),
    )
    await page
      .locator('input[type=file]')
      .setInputFiles(csv('lost.csv', '线索编号,企业名称,线索阶段\nE2E-L1,试验企业,在谈\n'))
    await expect(page.getByText('文件 lost.csv 还在本页')).toBeVisible()
    down = false
    await page.getByRole('button', { name: '重试' }).click()
    await expect(page.getByRole('button', { name: '开始检查' })).toBeVisible()
    down = true
    await page.getByRole('button', { name: '开始检查' }).click()
    await expect(page.getByRole('alert').filter({ hasText: '连接不上服务器' })).toBeVisible()
    down = false
    await page.getByRole('button', { name: '重试' }).click()
    await expect(page.getByRole('button', { name: '全部写入（1 行）' })).toBeVisible()
    await leave(page)
  })

  test('a file that is no table is refused with a sentence', async ({ page }) => {
    await startLeads(page)
    await page.locator('input[type=file]').setInputFiles({
      name: 'letter.xlsx',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('%PDF-1.7 dear all'),
    })
    await expect(page.getByRole('alert')).toContainText(/PDF|格式|表/)
  })
})

test('a check is watched, survives a reload and can be stopped', async ({ page }) => {
  test.setTimeout(120_000)
  await startLeads(page)
  const lines = Array.from({ length: 400_000 }, (_, at) => `E2E-C${at},试验企业${at},在谈,${at}`)
  await page
    .locator('input[type=file]')
    .setInputFiles(csv('many.csv', `线索编号,企业名称,线索阶段,拟投资额(万元)\n${lines.join('\n')}\n`))
  await page.getByRole('button', { name: '开始检查' }).click()
  const bar = page.getByRole('progressbar')
  await expect(bar).toBeVisible()
  await page.reload()
  await expect(bar).toBeVisible()
  await page.getByRole('button', { name: '停止' }).click()
  await expect(page.getByRole('button', { name: '开始检查' })).toBeVisible()
  await leave(page)
})

test('our own template is recognised by what it says of itself', async ({ page }) => {
  const answer = await page.request.get('/api/v1/filings/leads/org/350500/-/template')
  expect(answer.ok()).toBe(true)
  await open(page, '/imports')
  await page.locator('input[type=file]').setInputFiles({
    name: 'template.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: await answer.body(),
  })
  await expect(page).toHaveURL(/\/imports\/\w{20,}/)
  await expect(page.getByText('招商线索').first()).toBeVisible()
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('the wizard fits, from upload to check', async ({ page }, info) => {
    await startLeads(page)
    const fits = async (name: string) => {
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(over, name).toBeLessThanOrEqual(0)
      expect(await axe(page), name).toEqual([])
      await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true })
    }
    await fits('start')
    await page
      .locator('input[type=file]')
      .setInputFiles(
        csv('phone.csv', '线索编号,企业名称,线索阶段,拟投资额(万元)\nE2E-P1,试验企业,在谈,约8\n'),
      )
    await expect(page.getByRole('button', { name: '开始检查' })).toBeVisible()
    await fits('map')
    await page.getByRole('button', { name: '开始检查' }).click()
    await expect(page.getByRole('heading', { name: '问题' })).toBeVisible()
    await fits('check')
    await leave(page)
  })
})
