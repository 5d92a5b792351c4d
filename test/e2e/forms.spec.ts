// The forms as everybody reads them, and their editor as the city office uses it: a mistake is shown with its line, a sound
// change is put in force from a day on.
import { officeFile, startTown, townAddress } from './town'
import { axe, expect, open, settled, test } from './world'

const no = 8
test.describe.configure({ mode: 'serial' })
test.use({ baseURL: townAddress(no), storageState: officeFile(no, 'city.a') })

let stop = async () => {}
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stop = await startTown(no, [{ name: 'city.a', role: 'city_office', org: '350500' }])
})
test.afterAll(() => stop())

test('a form is read: what it asks, its rules, who approves it', async ({ page }, info) => {
  await open(page, '/forms')
  await expect(page.getByText('一次填写，处处带入').first()).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.getByRole('link', { name: '企业生产经营月报' }).click()
  await settled(page)
  await expect(page.getByRole('table', { name: '数据项' }).getByText('工业总产值').first()).toBeVisible()
  expect(await axe(page)).toEqual([])
  for (const tab of ['校验规则', '审核与时间', '历次版本']) {
    await page.getByRole('tab', { name: tab }).click()
    await expect(page.getByRole('heading', { name: tab })).toBeVisible()
    expect(await axe(page)).toEqual([])
  }
  await page.screenshot({ path: info.outputPath('form.png'), fullPage: true })
})

test('a mistake is named with its line, and a sound change comes into force', async ({ page }, info) => {
  await open(page, '/forms/problems?tab=edit')
  const text = page.getByRole('textbox', { name: '报表文本' })
  await expect(page.getByText('没有问题')).toBeVisible()
  const before = await text.inputValue()
  await text.fill(before.replace(/field: \w+/, 'field: no_such_field'))
  await expect(page.getByRole('list', { name: '问题' })).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('mistake.png'), fullPage: true })
  await expect(page.getByRole('button', { name: '启用新版本' })).toBeDisabled()

  await text.fill(
    before.replace(/name: \{zh: ([^,]+), en: ([^}]+)\}/, 'name: {zh: $1（试）, en: $2 (trial)}'),
  )
  await expect(page.getByText('没有问题')).toBeVisible()
  await expect(page.locator('.pb-preview b').first()).toContainText('（试）')
  await page.getByLabel('启用日期').fill('2030-01-01')
  await page.getByLabel('理由').fill('试用新名称')
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('editor.png'), fullPage: true })
  await page.getByRole('button', { name: '启用新版本' }).click()
  await expect(page.getByText(/^已启用第 \d+ 版/)).toBeVisible()
})
