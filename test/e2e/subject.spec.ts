// The page of a tenancy: its four kinds of days, evidence, promises, problems and history, as two offices of a small town use it.
import type { Page } from '@playwright/test'
import { officeFile, startTown, townAddress } from './town'
import { ask, axe, expect, open, settled, speak, test } from './world'

const no = 23
const address = townAddress(no)
test.describe.configure({ mode: 'serial' })
test.use({ baseURL: address, storageState: officeFile(no, 'city.a') })

let stop = async () => {}
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000)
  stop = await startTown(no, [
    { name: 'city.a', role: 'city_office', org: '350500' },
    { name: 'city.b', role: 'city_office', org: '350500' },
    { name: 'viewer.a', role: 'viewer', org: '350500' },
  ])
  const context = await browser.newContext({ baseURL: address, storageState: officeFile(no, 'city.a') })
  const page = await context.newPage()
  const first = async (stage: string) =>
    (await ask<{ items: { id: string }[] }>(page, `/tenancies?stage=${stage}&limit=1`)).items[0]?.id ?? ''
  tenancy = await first('framework')
  other = await first('fitting_out')
  expect(tenancy && other).not.toBe('')
  await context.close()
})
test.afterAll(() => stop())

let tenancy = ''
let other = ''

const panel = (page: Page, name: string) =>
  page.locator('.pb-panel').filter({ has: page.getByRole('heading', { name, exact: true, level: 2 }) })
const drawer = (page: Page) => page.getByRole('dialog')
const save = (page: Page, name: string) => drawer(page).getByRole('button', { name, exact: true }).click()
const step = (page: Page, name: string) =>
  page
    .getByRole('list', { name: '各节点' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name, exact: true }) })

test('a plan is moved only with a reason, and every plan stays', async ({ page }, info) => {
  await open(page, `/tenancies/${tenancy}?stage=signed`)
  await panel(page, '签约').getByRole('button', { name: '定计划' }).click()
  await drawer(page).getByLabel('日期').fill('2027-03-01')
  await save(page, '定计划')
  await expect(drawer(page)).toHaveCount(0)
  await expect(step(page, '签约')).toContainText('2027年3月1日')

  await panel(page, '签约').getByRole('button', { name: '改计划' }).click()
  await drawer(page).getByLabel('日期').fill('2027-04-15')
  await save(page, '定计划')
  await expect(drawer(page).getByText('请写明理由')).toBeVisible()
  expect(await axe(page)).toEqual([])
  await drawer(page).getByLabel('理由').fill('厂房验收延后')
  await save(page, '定计划')
  await expect(drawer(page)).toHaveCount(0)
  await expect(step(page, '签约')).toContainText('改过 1 次计划')
  await expect(step(page, '签约')).toContainText('晚 45 天')
  const plans = page.getByRole('table', { name: '历次计划' })
  await expect(plans.getByRole('row', { name: /2027年3月1日/ })).toBeVisible()
  await expect(plans.getByRole('row', { name: /厂房验收延后/ })).toContainText('city.a')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('plans.png'), fullPage: true })
})

test.describe('refused', () => {
  test.use({ refusals: true })

  test('without evidence nothing is entered, and the screen says what is missing', async ({ page }) => {
    await open(page, `/tenancies/${tenancy}?stage=signed`)
    await panel(page, '签约').getByRole('button', { name: '申报', exact: true }).click()
    await drawer(page).getByLabel('日期').fill('2026-06-30')
    await drawer(page).getByLabel('来源').fill('企业口头告知')
    await save(page, '申报')
    await expect(drawer(page).getByRole('alert').filter({ hasText: '要有已签的合同' })).toBeVisible()
    expect(await axe(page)).toEqual([])
    const { stages } = await ask<{ stages: { code: string; used: string }[] }>(
      page,
      `/subjects/tenancy/${tenancy}`,
    )
    expect(stages.find(({ code }) => code === 'signed')?.used).toBe('')
  })
})

test('a claim with its evidence is entered, a verification counts before it', async ({ page }, info) => {
  await open(page, `/tenancies/${tenancy}?stage=signed`)
  await panel(page, '签约').getByRole('button', { name: '申报', exact: true }).click()
  await drawer(page).getByLabel('日期').fill('2026-06-30')
  await drawer(page).getByRole('button', { name: '添加一份佐证' }).click()
  const paper = drawer(page).getByRole('group', { name: '第 1 份佐证' })
  await paper.getByLabel('文号').fill('HT-2026-118')
  await paper.getByLabel('名称').fill('入园合同')
  await page.screenshot({ path: info.outputPath('claim.png') })
  await save(page, '申报')
  await expect(drawer(page)).toHaveCount(0)
  await expect(step(page, '签约')).toContainText('已进入 · 申报')
  await expect(panel(page, '佐证')).toContainText('入园合同')
  await expect(panel(page, '佐证')).toContainText('已被引用')

  await panel(page, '签约').getByRole('button', { name: '核实', exact: true }).click()
  await drawer(page).getByLabel('日期').fill('2026-06-28')
  await drawer(page)
    .getByRole('checkbox', { name: /入园合同/ })
    .check()
  await save(page, '核实')
  await expect(drawer(page)).toHaveCount(0)
  await expect(step(page, '签约')).toContainText('已进入 · 核实')
  const days = page.getByRole('table', { name: '签约的各类日期' })
  await expect(days.getByRole('row', { name: /核实 2026年6月28日/ })).toContainText('计入')
  await expect(days.getByRole('row', { name: /申报 2026年6月30日/ })).not.toContainText('计入')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('verified.png'), fullPage: true })
})

test('a picture is kept with a small one, shown, and found where it is used again', async ({
  page,
}, info) => {
  await open(page, `/tenancies/${tenancy}?stage=handed_over`)
  const picture = await page.screenshot({ type: 'jpeg' })
  for (const id of [tenancy, other]) {
    await open(page, `/tenancies/${id}?stage=handed_over`)
    await panel(page, '佐证').getByRole('button', { name: '上传佐证' }).click()
    await drawer(page).getByRole('radio', { name: '现场照片' }).check()
    await drawer(page)
      .locator('input[type=file]')
      .setInputFiles({ name: '交付现场.jpg', mimeType: 'image/jpeg', buffer: picture })
    await expect(drawer(page).getByLabel('名称')).toHaveValue('交付现场')
    await save(page, '保存')
    await expect(drawer(page)).toHaveCount(0)
  }
  const small = page.getByRole('button', { name: '查看图片：交付现场' }).locator('img')
  await expect.poll(() => small.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
  await expect(panel(page, '佐证')).toContainText('同一个文件也用在')
  expect(await axe(page)).toEqual([])

  await page.getByRole('button', { name: '查看图片：交付现场' }).press('Enter')
  const shown = page.getByRole('img', { name: '交付现场的图片' })
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1440)
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('picture.png') })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await panel(page, '佐证').locator('.pb-sub-twice a').click()
  await expect(page).toHaveURL(new RegExp(tenancy))
  await settled(page)

  await page.getByRole('button', { name: '撤回佐证：交付现场' }).click()
  await drawer(page).getByLabel('理由').fill('用错了照片')
  await save(page, '撤回')
  await expect(panel(page, '佐证')).toContainText('撤回：用错了照片')
  await expect(
    panel(page, '全部经过').getByRole('listitem').filter({ hasText: '已撤回，原因：用错了照片' }),
  ).toBeVisible()
})

test.describe('two offices', () => {
  test.use({ refusals: true })

  test('the second one sees both versions, and nothing is lost', async ({ page, browser }, info) => {
    const context = await browser.newContext({
      baseURL: address,
      storageState: officeFile(no, 'city.b'),
      locale: 'zh-CN',
    })
    const second = await context.newPage()
    await open(page, `/tenancies/${tenancy}?stage=trial`)
    await open(second, `/tenancies/${tenancy}?stage=trial`)
    for (const [who, day] of [
      [page, '2027-05-01'],
      [second, '2027-06-01'],
    ] as const) {
      await panel(who, '试产').getByRole('button', { name: '定计划' }).click()
      await drawer(who).getByLabel('日期').fill(day)
      await drawer(who).getByLabel('理由').fill('按企业进度')
      await save(who, '定计划')
    }
    await expect(drawer(page)).toHaveCount(0)
    const both = second.getByRole('alert', { name: '这个对象刚刚被别人改过' })
    await expect(both).toContainText('city.a')
    await expect(both).toContainText('2027年5月1日')
    await expect(both).toContainText('2027年6月1日')
    expect(await axe(second)).toEqual([])
    await second.screenshot({ path: info.outputPath('conflict.png') })
    await both.getByRole('button', { name: '再次提交' }).click()
    await expect(drawer(second)).toHaveCount(0)
    const plans = second.getByRole('table', { name: '历次计划' })
    await expect(plans.getByRole('row', { name: /2027年5月1日/ })).toContainText('city.a')
    await expect(plans.getByRole('row', { name: /2027年6月1日/ })).toContainText('city.b')
    await context.close()
  })
})

test('a promise is recorded and shown against what was filed', async ({ page }, info) => {
  const { items } = await ask<{ items: { id: string }[] }>(page, '/tenancies?stage=enrolled&limit=1')
  await open(page, `/tenancies/${items[0]?.id}`)
  const promises = panel(page, '承诺与达效')
  await promises.getByRole('button', { name: '登记承诺' }).click()
  await drawer(page).getByLabel('第 1 行的承诺值').fill('800')
  await drawer(page).getByRole('button', { name: '增加一年' }).click()
  await drawer(page).getByLabel('第 2 行的承诺值').fill('1200')
  await drawer(page).getByLabel('来源（合同条款、评审意见）').fill('入园合同第八条')
  expect(await axe(page)).toEqual([])
  await save(page, '保存')
  await expect(drawer(page)).toHaveCount(0)
  const series = promises.getByRole('region', { name: /产值（总额）/ })
  await expect(series.getByRole('img', { name: /第 1 年承诺/ })).toBeVisible()
  await series.getByText('表', { exact: true }).click()
  await expect(series.getByRole('table').getByRole('row', { name: /第 2 年/ })).toContainText(/1,200/)
  await expect(promises).toContainText('用地')
  expect(await axe(page)).toEqual([])

  await series.getByRole('button', { name: '变更' }).click()
  await drawer(page).getByLabel('第 1 行的承诺值').fill('600')
  await drawer(page).getByLabel('变更原因').fill('补充协议')
  await save(page, '保存')
  await expect(drawer(page)).toHaveCount(0)
  await promises.getByText(/历次登记（3）/).click()
  await expect(promises.getByRole('row', { name: /补充协议/ })).toContainText('600')
  await page.screenshot({ path: info.outputPath('promises.png'), fullPage: true })
})

test('what is taken back stays, struck through with its reason', async ({ page }, info) => {
  await open(page, `/tenancies/${tenancy}?stage=signed`)
  await panel(page, '签约').getByRole('button', { name: '撤回', exact: true }).click()
  await drawer(page).getByLabel('理由').fill('合同未备案')
  await save(page, '撤回')
  await expect(drawer(page)).toHaveCount(0)
  await expect(step(page, '签约')).not.toContainText('已进入')
  const gone = panel(page, '全部经过').getByRole('listitem').filter({ hasText: '已撤回，原因：合同未备案' })
  await expect(gone).toHaveCount(2)
  await expect(gone.first().locator('s')).toContainText('签约')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('history.png'), fullPage: true })
})

test('an officer is named, a problem is opened and followed', async ({ page }) => {
  await open(page, `/tenancies/${tenancy}`)
  await page.getByRole('button', { name: '指定专员' }).click()
  await drawer(page).getByRole('combobox', { name: '专员' }).click()
  await page.locator('.ant-select-item-option').filter({ hasText: 'city.b' }).click()
  await drawer(page).getByLabel('从哪一天起').fill('2026-07-01')
  await drawer(page).getByLabel('理由').fill('分工调整')
  await save(page, '保存')
  await expect(drawer(page)).toHaveCount(0)
  await expect(panel(page, '基本情况')).toContainText('city.b')
  await expect(page.getByRole('button', { name: '更换专员' })).toBeVisible()

  const problems = panel(page, '问题')
  await problems.getByRole('button', { name: '提出问题' }).click()
  await drawer(page).getByRole('textbox', { name: '问题' }).fill('用电增容未批')
  await drawer(page).getByRole('textbox', { name: '期限' }).fill('2027-01-31')
  await save(page, '保存')
  await expect(drawer(page)).toHaveCount(0)
  await expect(problems.getByRole('row', { name: /用电增容未批/ })).toContainText('待解决')
  await problems.getByRole('button', { name: '用电增容未批' }).click()
  await drawer(page).getByRole('radio', { name: '报办结' }).check()
  await drawer(page).locator('textarea').fill('已批复')
  expect(await axe(page)).toEqual([])
  await drawer(page).locator('button[type=submit]').click()
  await expect(problems.getByRole('row', { name: /用电增容未批/ })).toContainText('待确认')
})

test('a day that only a rule gives stands with its rule and does not count', async ({ page }) => {
  await open(page, `/tenancies/${other}?stage=production`)
  await expect(step(page, '投产')).toContainText('视同进入')
  const days = page.getByRole('table', { name: '投产的各类日期' })
  const row = days.getByRole('row', { name: /认定/ })
  await expect(row).toContainText('交付满 6 个月视同进入')
  await expect(row).toContainText('已公布')
  await expect(row).toContainText('按规则推算，没有人登记，不计入')
  await expect(step(page, '投产').locator('.counts')).toHaveCount(0)
})

test('a pause is recorded with its reason and ended again', async ({ page }) => {
  await open(page, `/tenancies/${other}`)
  await page.getByRole('button', { name: '登记停产停建' }).click()
  await drawer(page).getByLabel('理由').fill('设备检修')
  await save(page, '登记')
  await expect(drawer(page)).toHaveCount(0)
  await expect(page.locator('.pb-sub-flag')).toHaveText('停产停建')
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: '解除停产停建' }).click()
  await save(page, '解除')
  await expect(drawer(page)).toHaveCount(0)
  await expect(page.locator('.pb-sub-flag')).toHaveCount(0)
  await expect(panel(page, '全部经过').getByRole('listitem').filter({ hasText: '设备检修' })).toBeVisible()
})

test.describe('what fails', () => {
  test.use({ refusals: true })

  test('a panel that is not answered says so alone, and a page that is not there says so', async ({
    page,
  }) => {
    await page.route('**/evidence', (route) => route.fulfill({ status: 503, json: { detail: '正忙' } }))
    await page.route('**/promises', (route) => route.fulfill({ status: 403, json: { detail: '无权查看' } }))
    await page.goto(`/tenancies/${tenancy}`)
    await expect(panel(page, '承诺与达效')).toContainText('没有权限')
    await expect(panel(page, '佐证').getByRole('button', { name: '重试' })).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('list', { name: '各节点' })).toBeVisible()
    expect(await axe(page)).toEqual([])
    await page.goto('/tenancies/nowhere')
    await expect(page.getByRole('alert')).toContainText('未找到')
    expect(await axe(page)).toEqual([])
  })
})

test.describe('a reader', () => {
  test.use({ storageState: officeFile(no, 'viewer.a') })

  test('sees everything and changes nothing', async ({ page }) => {
    await open(page, `/tenancies/${tenancy}?stage=signed`)
    await expect(step(page, '签约')).toBeVisible()
    for (const name of [
      '申报',
      '核实',
      '撤回',
      '定计划',
      '改计划',
      '上传佐证',
      '登记承诺',
      '提出问题',
      '更换专员',
      '指定专员',
    ])
      await expect(page.getByRole('button', { name, exact: true })).toHaveCount(0)
    expect(await axe(page)).toEqual([])
  })
})

test('a project has its page, and the ledger leads to it', async ({ page }, info) => {
  await open(page, '/projects')
  await page.locator('tbody th a').first().click()
  await expect(page).toHaveURL(/\/projects\/\w+/)
  await settled(page)
  await expect(page.getByRole('list', { name: '各节点' })).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('project.png'), fullPage: true })
})

test('stages are chosen by keyboard, and the address keeps the choice', async ({ page }) => {
  await open(page, `/tenancies/${tenancy}`)
  await step(page, '投产').getByRole('button').focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/stage=production/)
  await expect(page.getByRole('heading', { name: '投产', level: 2 })).toBeVisible()
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  for (const language of ['zh-CN', 'en'] as const)
    test(`the page fits and has no violation, ${language}`, async ({ page }, info) => {
      await speak(page, language)
      for (const path of [`/tenancies/${tenancy}?stage=signed`, '/lifecycles/tenancy']) {
        await open(page, path)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(over).toBeLessThanOrEqual(0)
        expect(await axe(page)).toEqual([])
      }
      await open(page, `/tenancies/${tenancy}?stage=signed`)
      await page.screenshot({ path: info.outputPath('phone.png'), fullPage: true })
    })
})

test('a lifecycle is read, and a mistake in it is named with its line', async ({ page }, info) => {
  await open(page, '/lifecycles')
  expect(await axe(page)).toEqual([])
  await page.getByRole('link', { name: '入驻', exact: true }).last().click()
  await settled(page)
  await expect(
    page.getByRole('table', { name: '节点' }).getByText('permits + records >= 1').first(),
  ).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('lifecycle.png'), fullPage: true })
  for (const tab of ['条件可用的事实', '历次版本']) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(page.getByRole('heading', { name: tab })).toBeVisible()
    expect(await axe(page)).toEqual([])
  }
  await page.getByRole('tab', { name: '修改流程' }).click()
  const text = page.getByRole('textbox', { name: '流程文本' })
  await expect(page.getByText('没有问题')).toBeVisible()
  const before = await text.inputValue()
  await text.fill(before.replace('after: [handed_over]', 'after: [no_such_stage]'))
  const problems = page.getByRole('list', { name: '问题' })
  await expect(problems).toBeVisible()
  await problems
    .getByRole('button', { name: /第 \d+ 行/ })
    .first()
    .click()
  await expect(text).toBeFocused()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('mistake.png'), fullPage: true })
  await expect(page.getByRole('button', { name: '启用新版本' })).toBeDisabled()

  await text.fill(
    before.replace('from: "2021-01-01"', 'from: "2030-01-01"').replace('zh: 装修,', 'zh: 装修布置,'),
  )
  await expect(page.getByText('没有问题')).toBeVisible()
  await page.getByLabel('理由').fill('统一叫法')
  await page.getByRole('button', { name: '启用新版本' }).click()
  await expect(page.getByText('已启用，施行日期 2030年1月1日')).toBeVisible()
  await page.getByRole('tab', { name: '历次版本' }).click()
  await expect(page.getByRole('row', { name: /统一叫法/ })).toContainText('city.a')
})
