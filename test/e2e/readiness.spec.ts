// What decides the year, in a town of its own: the board and the bureau's word of one enterprise; a problem that is solved by
// one and confirmed by another, with two at it at once; a quarter's review that stays what it was.
import type { Browser, Page } from '@playwright/test'
import { officeFile, startTown, townAddress } from './town'
import { ask, axe, expect, open, settled, test } from './world'

const no = 24
const county = '350582'
const city = '350500'

test.describe.configure({ mode: 'serial' })
test.use({ baseURL: townAddress(no), storageState: officeFile(no, 'county.a') })

let stop = async () => {}
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stop = await startTown(no, [
    { name: 'city.a', role: 'city_office', org: city },
    { name: 'county.a', role: 'county_office', org: county },
  ])
})
test.afterAll(() => stop())

/** asCity opens a page of the city office beside the one of the county. */
async function asCity(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    baseURL: townAddress(no),
    storageState: officeFile(no, 'city.a'),
    locale: 'zh-CN',
  })
  return context.newPage()
}

async function post<Body>(page: Page, path: string, data: unknown): Promise<Body> {
  const answer = await page.request.post(`/api/v1${path}`, { data })
  expect(answer.ok(), await answer.text()).toBe(true)
  return answer.json()
}

/** choose picks an option of a select by a part of its text. */
async function choose(page: Page, label: string, text: string) {
  await page.getByLabel(label, { exact: true }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: text }).first().click()
}

test('the board tells the year, and the bureau’s word is recorded and taken back', async ({ page }, info) => {
  await open(page, '/readiness')
  await expect(page.getByRole('heading', { name: /年纳统形势$/ })).toBeVisible()
  const tiles = page.locator('.pb-ready-tiles button')
  const counts = await tiles.locator('b').allInnerTexts()
  const { summary } = await ask<{ summary: Record<string, number> }>(page, `/readiness?org=${county}&limit=1`)
  const { entered: _, ...verdicts } = summary
  const sum = (list: number[]) => list.reduce((total, count) => total + count, 0)
  expect(sum(counts.map(Number))).toBe(sum(Object.values(verdicts)))
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('board.png'), fullPage: true })

  const biggest = tiles.nth(counts.map(Number).indexOf(Math.max(...counts.map(Number))))
  await biggest.click()
  await settled(page)
  expect(new URL(page.url()).searchParams.get('verdict')).toBeTruthy()
  const table = page.getByRole('table', { name: '企业名单' })
  await table.locator('tbody a').first().click()
  await settled(page)
  await expect(page.getByRole('heading', { name: '统计部门认定与申报' })).toBeVisible()
  const applied = page
    .getByRole('table', { name: '统计部门认定与申报' })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: '已申报' }) })
  await expect(applied).toContainText('没有记录')

  await page.getByRole('button', { name: '登记认定或申报' }).click()
  await page.getByRole('dialog').getByLabel('来源').fill('市统计局收件回执')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await expect(applied).toContainText('市统计局收件回执')
  await expect(
    page.getByRole('table', { name: '统计部门认定与申报' }).getByRole('row', { name: /^已在库/ }),
  ).toContainText('没有记录')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('enterprise.png'), fullPage: true })

  await page.getByRole('button', { name: '撤回：已申报' }).click()
  await page.getByRole('dialog').getByLabel('来源').fill('录错企业')
  await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click()
  await expect(applied).toContainText('没有记录')
  await page.getByText('历次登记（2）').click()
  await expect(page.getByRole('table', { name: '历次登记的事项' })).toContainText('录错企业')

  await page.getByRole('button', { name: '登记材料：营业执照' }).click()
  await page.getByRole('dialog').getByLabel('来源').fill('企业提供的复印件')
  await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await expect(
    page.getByRole('table', { name: '申报材料' }).getByRole('row', { name: /^营业执照/ }),
  ).toContainText('已有')
})

test.describe('with two at it', () => {
  test.use({ refusals: true }) // the second of two is refused once

  test('a problem is opened, solved by one and confirmed by another', async ({ page, browser }, info) => {
    await open(page, '/problems')
    await page.getByRole('button', { name: '提出问题' }).click()
    const form = page.getByRole('dialog')
    await form.getByText('园区', { exact: true }).click()
    await form.getByLabel('对象', { exact: true }).click()
    await page.locator('.ant-select-item-option').first().click()
    await form.getByLabel('问题', { exact: true }).fill('用电增容未批')
    await form.getByLabel('办结期限').fill('2030-12-31')
    await form.getByRole('button', { name: '保存' }).click()
    const drawer = page.getByRole('dialog', { name: '用电增容未批' })
    await expect(drawer.getByText('办理经过')).toBeVisible()
    expect(await axe(page)).toEqual([])
    await page.screenshot({ path: info.outputPath('problem.png') })

    const id = new URL(page.url()).searchParams.get('open') ?? ''
    const other = await asCity(browser)
    await post(other, `/problems/${id}/act`, { version: 1, act: 'note', text: '市里已协调供电公司' })
    await drawer.getByRole('radio', { name: '报办结' }).check()
    await drawer.getByLabel('说明', { exact: true }).fill('已送电，现场核过')
    await drawer.getByRole('button', { name: '提交' }).click()
    await expect(drawer.getByRole('alert')).toContainText('city.a已于')
    await expect(drawer.getByText('市里已协调供电公司')).toBeVisible()
    await expect(drawer.getByLabel('说明', { exact: true })).toHaveValue('已送电，现场核过')
    await page.screenshot({ path: info.outputPath('conflict.png') })
    await drawer.getByRole('button', { name: '看过了，再次提交' }).click()
    await expect(drawer.getByText('待确认')).toBeVisible()
    await expect(drawer.getByRole('radio', { name: '销号' })).toHaveCount(0)

    await other.goto(`/problems?open=${id}`)
    const theirs = other.getByRole('dialog', { name: '用电增容未批' })
    await theirs.getByRole('radio', { name: '销号' }).check()
    await theirs.getByLabel('说明', { exact: true }).fill('现场核实')
    await theirs.getByRole('button', { name: '提交' }).click()
    await expect(theirs.getByText('已销号')).toBeVisible()
    await other.context().close()
    await open(page, '/problems?state=closed')
    await expect(page.getByRole('table', { name: '问题' })).toContainText('用电增容未批')
    await open(page, '/problems?tab=breaches')
    expect(await axe(page)).toEqual([])
    await open(page, '/problems?tab=rules')
    await expect(page.getByRole('table', { name: '提级规则' })).toContainText('系统假定')
    expect(await axe(page)).toEqual([])
  })
})

interface Review {
  main_digest: string
  body: { sites: { park: string; name: string; problems: unknown[] }[] }
}

test('a quarter’s review is made, graded and followed up, and stays what it was', async ({
  page,
  browser,
}, info) => {
  test.setTimeout(120_000)
  const office = await asCity(browser)
  await open(office, '/quarter-reviews')
  await office.getByRole('button', { name: '新建拉练' }).click()
  await choose(office, '地区', '晋江市')
  await office.getByRole('dialog').getByLabel('名称').fill('晋江二季度拉练')
  await office.getByRole('dialog').getByRole('button', { name: '冻结' }).click()
  await expect(office.locator('h1')).toHaveText('晋江二季度拉练')
  await settled(office)
  const id = new URL(office.url()).pathname.split('/').at(-1) ?? ''
  const frozen = await ask<Review>(office, `/reviews-quarter/${id}`)
  const site = frozen.body.sites[0]
  if (!site) throw new Error('the county has no park')

  await office.getByRole('button', { name: site.name, exact: true }).click()
  await expect(office.getByRole('heading', { name: `${site.name}（冻结时）` })).toBeVisible()
  await office.getByRole('button', { name: `评档：${site.name}` }).click()
  await office.getByRole('dialog').getByRole('radio', { name: '好', exact: true }).check()
  await office.getByRole('dialog').getByLabel('评语').fill('进度正常，招商偏慢')
  await office.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await expect(office.getByText('进度正常，招商偏慢')).toBeVisible()
  expect(await axe(office)).toEqual([])

  await office.getByRole('button', { name: '提出跟踪问题' }).click()
  await office.getByRole('dialog').getByLabel('问题', { exact: true }).fill('拉练后续：加快招商')
  await office.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await expect(office.getByRole('table', { name: '跟踪问题' })).toContainText('拉练后续：加快招商')
  await office.screenshot({ path: info.outputPath('review.png'), fullPage: true })

  // The ledger moved on: the park has a problem more than when it was frozen.
  await office.reload()
  await settled(office)
  const again = await ask<Review>(office, `/reviews-quarter/${id}`)
  expect(again.main_digest).toBe(frozen.main_digest)
  expect(again.body).toEqual(frozen.body)
  await expect(office.getByText(`未销号的问题（${site.problems.length}）`)).toBeVisible()

  await office.evaluate(() => {
    globalThis.print = () => dispatchEvent(new Event('beforeprint'))
  })
  await office.getByRole('button', { name: '打印本页' }).click()
  await expect(office.locator('.pb-quart-page')).toHaveCount(1)
  await expect(office.locator('.pb-quart-page')).toContainText('进度正常，招商偏慢')
  await office.evaluate(() => dispatchEvent(new Event('afterprint')))
  await office.getByRole('button', { name: /^打印（/ }).click()
  await expect(office.locator('.pb-quart-page')).toHaveCount(1 + frozen.body.sites.length)
  await office.emulateMedia({ media: 'print' })
  const pdf = await office.pdf({ preferCSSPageSize: true })
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1 + frozen.body.sites.length)
  await office.context().close()

  await open(page, '/quarter-reviews')
  await expect(page.getByRole('button', { name: '新建拉练' })).toHaveCount(0)
  await page.getByRole('link', { name: '晋江二季度拉练' }).click()
  await settled(page)
  await expect(page.getByRole('table', { name: '各园区' })).toContainText('好')
  await expect(page.getByRole('button', { name: /^评档/ })).toHaveCount(0)
  expect(await axe(page)).toEqual([])
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('the pages fit and stand as cards', async ({ page }) => {
    const { items } = await ask<{ items: { enterprise: string }[] }>(page, '/readiness?limit=1')
    const reviews = await ask<{ items: { id: string }[] }>(page, '/reviews-quarter?limit=1')
    for (const path of [
      '/readiness',
      `/readiness/${items[0]?.enterprise}`,
      '/problems?state=closed',
      '/quarter-reviews',
      `/quarter-reviews/${reviews.items[0]?.id}`,
    ]) {
      await open(page, path)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(over, path).toBeLessThanOrEqual(0)
      expect(await axe(page), path).toEqual([])
    }
    await expect(page.locator('.pb-card').first()).toBeVisible()
  })
})
