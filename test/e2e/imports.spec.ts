import { expect, open, test } from './world'

// The headings are those of the real list; the place names are real, the parks are not.
const heading = 'name,county,pilot,land_area_mu,floor_area_m2,source_url'
const good = `${heading}\n试验园区甲,晋江市,no,120.5,80000,https://example.invalid/a\n试验园区乙,石狮市,yes,66,,https://example.invalid/b\n`
const bad = `${heading}\n试验园区丙,晋江市,no,约100,80000,https://example.invalid/c\n试验园区丁,没有这个县,no,10,,https://example.invalid/d\n`

const file = (name: string, text: string) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(text, 'utf8'),
})

test('a list with wrong cells is refused cell by cell, a clean one is tried first and then imported', async ({
  page,
}) => {
  await open(page, '/imports/parks')
  const field = page.locator('input[type=file]')

  await field.setInputFiles(file('bad.csv', bad))
  const errors = page.getByRole('table', { name: '错误' })
  await expect(errors.getByText('约100', { exact: true })).toBeVisible()
  await expect(errors.locator('tbody tr')).toHaveCount(2)
  await expect(page.getByRole('button', { name: '正式导入' })).toHaveCount(0)

  await field.setInputFiles(file('good.csv', good))
  await expect(page.getByRole('heading', { name: '试导入结果' })).toBeVisible()
  await expect(page.getByRole('table', { name: '变化明细' }).getByText('试验园区甲').first()).toBeVisible()
  await page.getByRole('button', { name: '正式导入' }).click()
  await expect(page.getByText(/^已导入，批次/)).toBeVisible()
  await expect(page.getByRole('table', { name: '历次导入' }).getByText('good.csv').first()).toBeVisible()

  await field.setInputFiles(file('good.csv', good))
  await expect(page.getByText('没有变化')).toBeVisible()
  await expect(page.getByRole('button', { name: '正式导入' })).toHaveCount(0)
})

test.describe('a file that is refused whole', () => {
  test.use({ refusals: true })

  test('something that is no list is refused with a sentence', async ({ page }) => {
    await open(page, '/imports/parks')
    await page.locator('input[type=file]').setInputFiles(file('letter.csv', 'dear all\nhello\n'))
    await expect(
      page
        .getByRole('alert')
        .or(page.getByRole('table', { name: '错误' }))
        .first(),
    ).toBeVisible()
  })
})
