// A project list on its way from an office's file to projects with dated milestones, and what cannot be in its dates.
import type { Locator, Page } from '@playwright/test'
import { officeFile, startTown, townAddress } from './town'
import { axe, expect, open, settled, test } from './world'

const town = 13

test.describe.configure({ mode: 'serial' })
test.use({ baseURL: townAddress(town), storageState: officeFile(town, 'office.a') })

let stop: (() => Promise<void>) | undefined
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stop = await startTown(town, [{ name: 'office.a', role: 'city_office', org: '350500' }])
})
test.afterAll(() => stop?.())

/** choose takes an answer in a drawer, again where the drawer took the focus to itself meanwhile, as it does once it is open. */
async function choose(page: Page, drawer: Locator, field: string, answer: string) {
  await expect(async () => {
    await drawer.getByRole('combobox', { name: field }).click({ timeout: 2_000 })
    await page.locator('.ant-select-item-option').filter({ hasText: answer }).click({ timeout: 2_000 })
    const item = drawer.locator('.ant-form-item').filter({ hasText: field })
    await expect(item).toContainText(answer, { timeout: 2_000 })
  }).toPass()
}

// the third row was granted before it was submitted
const list = `项目编号,项目名称,规划申请日期,规划许可日期,开工日期,投运日期
P1,光伏一期,2021-03-01,2021-06-01,2022-01-15,2023-02-01
P2,光伏二期,2022-03-01,2022-08-01,,
P3,风电一期,2022-05-10,2022-04-01,,
`

test('a project list becomes projects, first tried and then loaded', async ({ page }, info) => {
  await open(page, '/imports?form=project_list&subject=350500')
  await page.locator('input[type=file]').setInputFiles({
    name: 'list.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(list, 'utf8'),
  })
  await page.getByRole('button', { name: '开始检查' }).click()
  await page.getByRole('button', { name: /^(全部写入|只写入可用的)/ }).click()
  await expect(page.getByText(/^已写入 3 条记录/)).toBeVisible()

  await page.getByRole('link', { name: '把项目台账载入为项目' }).click()
  await settled(page)
  const drawer = page.getByRole('dialog')
  await expect(drawer).toContainText('泉州市：从项目台账载入项目')
  await choose(page, drawer, '类别', '规划许可')
  await drawer.getByRole('button', { name: '先试算' }).click()
  await expect(drawer).toContainText('将新增 3 个，变更 0 个，不变 0 个')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('try.png') })
  await drawer.getByRole('button', { name: '载入' }).click()
  await expect(drawer).toContainText('已新增 3 个，变更 0 个，不变 0 个')
  await drawer.getByRole('button', { name: '完成' }).click()
  await expect(drawer).toBeHidden()
  await expect(page).toHaveURL(/\/projects/)

  await open(page, '/projects?kind=planning')
  await expect(page.getByRole('row').filter({ hasText: '光伏一期' })).toContainText('投运 · 2023年2月1日')
  await open(page, '/pipeline?kind=project&lifecycle=planning')
  const granted = page.getByRole('region', { name: '许可', exact: true })
  await expect(granted).toContainText('光伏二期')
  await expect(granted.getByRole('definition').first()).toHaveText('—') // nobody said an investment: that is not none
})

test('an interval that is negative is a question, with its dates and the way to the project', async ({
  page,
}, info) => {
  await open(page, '/quality?check=history')
  const card = page.locator('.pb-finding').filter({ hasText: '风电一期' })
  await expect(card).toHaveCount(1)
  await expect(card).toContainText(
    '“许可”（2022年4月1日）早于它之前应有的“提交申请”（2022年5月10日），相差39天',
  )
  await expect(card).toContainText('2022年4月至2022年5月')
  await page.screenshot({ path: info.outputPath('history.png') })
  await card.getByRole('link', { name: '风电一期' }).first().click()
  await settled(page)
  await expect(page.locator('h1')).toHaveText('风电一期')
})

test.describe('with refusals, where things move', () => {
  test.use({ refusals: true, contextOptions: { reducedMotion: 'no-preference' } })

  test('who comes into a park is entered by hand, once, and goes on to the first stage', async ({
    page,
  }, info) => {
    const code = '91350582MA7777775N'
    const enter = async (name: string) => {
      await open(page, '/tenancies')
      await page.getByRole('button', { name: '新增入驻' }).click()
      const drawer = page.getByRole('dialog')
      await choose(page, drawer, '园区', '泉州鲤城火炬紫华园')
      await drawer.getByLabel('统一社会信用代码').fill(code)
      await drawer.getByLabel('企业名称').fill(name)
      await drawer.getByLabel('入驻面积（平方米）').fill('1200')
      await drawer.getByLabel('依据').fill('入驻协议')
      await drawer.getByRole('button', { name: '登记' }).click()
      return drawer
    }
    const first = await enter('新来机械有限公司')
    await expect(first).toBeHidden()
    await expect(page).toHaveURL(/\/tenancies\/\w+/)
    await settled(page)
    await expect(page.locator('h1')).toContainText('新来机械有限公司')
    await page.screenshot({ path: info.outputPath('entered.png') })

    const again = await enter('新来机械有限公司')
    await expect(again.getByRole('alert')).toContainText('没有清退，不能重复新增')
    expect(await axe(page)).toEqual([])
    await page.screenshot({ path: info.outputPath('again.png') })
    await again.getByLabel('企业名称').fill('别的公司')
    await again.getByRole('button', { name: '登记' }).click()
    await expect(again.getByRole('alert')).toContainText('在台账中是“新来机械有限公司”')
  })
})

test('a project is entered by hand and goes on to its first stage', async ({ page }, info) => {
  await open(page, '/projects')
  await page.getByRole('button', { name: '新增项目' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByRole('button', { name: '登记' }).click()
  await expect(drawer).toContainText('请输入项目名称')
  await expect(drawer).toContainText('请写明依据')
  await drawer.getByLabel('项目名称').fill('新来机械一期')
  await drawer.getByLabel('计划总投资（万元）').fill('5000')
  await drawer.getByLabel('依据').fill('项目备案')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('project.png') })
  await drawer.getByRole('button', { name: '登记' }).click()
  await expect(page).toHaveURL(/\/projects\/\w+/)
  await settled(page)
  await expect(page.locator('h1')).toContainText('新来机械一期')
  await expect(page.locator('main')).toContainText('5,000')
})
