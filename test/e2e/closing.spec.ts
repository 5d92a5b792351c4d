// A month is closed, the ledger changes, the month is closed again, and the difference of both vintages is explained. In a town
// of its own, because a closed month is closed for everybody.
import type { Page } from '@playwright/test'
import { officeFile, startTown, townAddress } from './town'
import { ask, axe, expect, open, settled, speak, test } from './world'

const town = 1

test.describe.configure({ mode: 'serial' })
test.use({ baseURL: townAddress(town), storageState: officeFile(town, 'office.a') })

let stop: (() => Promise<void>) | undefined
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stop = await startTown(town, [{ name: 'office.a', role: 'city_office', org: '350500' }])
})
test.afterAll(() => stop?.())

interface Park {
  id: string
  figures: Record<string, { value: number }>
}

/** atRest looks for violations with the pointer on nothing: what it is on is of another colour for the moment. */
async function atRest(page: Page) {
  await page.mouse.move(0, 0)
  return axe(page)
}

async function close(page: Page, button: string, reason: string) {
  await page.getByRole('button', { name: button, exact: true }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('理由').fill(reason)
  await drawer.getByRole('button', { name: '封账' }).click()
  await expect(drawer.getByText('请确认')).toBeVisible()
  expect(await atRest(page)).toEqual([])
  await drawer.getByRole('checkbox').check()
  await drawer.getByRole('button', { name: '封账' }).click()
  await expect(page).toHaveURL(/\/closings\/\d{4}-\d{2}\/\d/)
  await settled(page)
}

test('a month is closed with a reason and a confirmation, and computed again with the same digest', async ({
  page,
}, info) => {
  await open(page, '/closings')
  await expect(page.getByText('还没有封过账')).toBeVisible()
  await close(page, '封账', '各县已全部通过')
  await expect(page.locator('h1')).toContainText('第 1 版')
  await page.getByRole('button', { name: '重新计算并核对' }).click()
  await expect(page.getByText('重新计算的摘要一致')).toBeVisible()
  const report = page.getByRole('table', { name: '报表' })
  await expect(report).toContainText('累计投产企业')
  await expect(report.getByRole('columnheader')).toContainText(['泉州市', '晋江市'])
  await expect(page.getByText('演示数据')).toBeVisible()
  expect(await atRest(page)).toEqual([])
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载全部内容' }).click()
  expect((await download).suggestedFilename()).toMatch(/\.zip$/)
  await page.screenshot({ path: info.outputPath('vintage.png'), fullPage: true })
})

test('what changed since is explained step by step, and closing again makes another vintage', async ({
  page,
}, info) => {
  test.setTimeout(120_000)
  const { items } = await ask<{ items: Park[] }>(page, '/parks?limit=500')
  const small = items.filter(({ figures }) => (figures.land_area?.value ?? 0) < 600_000).slice(0, 3) // m², 900 亩
  expect(small).toHaveLength(3)
  for (const park of small) {
    const sent = await page.request.post(`/api/v1/parks/${park.id}/figures`, {
      data: { field: 'land_area', text: '2345', unit: '亩', nature: 'statistics', source: '现场核对记录' },
    })
    expect(sent.ok()).toBe(true)
  }
  await open(page, '/closings')
  await expect(page.getByText('已有变动')).toBeVisible()
  await page.getByRole('link', { name: /第 1 版/ }).click()
  await settled(page)
  await expect(page.getByText('封账之后台账有变动')).toBeVisible()
  await open(page, `${new URL(page.url()).pathname}?ind=park.over_1000_mu&span=month`)
  await expect(page.getByText('各项合计等于差额')).toBeVisible()
  await expect(page.getByRole('img', { name: /切换到表可逐项查看/ })).toBeVisible()
  expect(await atRest(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('bridge.png'), fullPage: true })
  const panel = page.getByRole('region', { name: '两版之差' })
  await panel.getByText('表', { exact: true }).click()
  await expect(panel.getByRole('table')).toContainText('更正')

  await close(page, '再封一次', '核对土地面积')
  await expect(page.locator('h1')).toContainText('第 2 版')
  await expect(page.getByRole('combobox', { name: '对比的版本' })).toBeVisible()
  await expect(panel).toContainText('第 1 版 → 第 2 版')
  await page.getByRole('button', { name: '重新计算并核对' }).click()
  await expect(page.getByText('重新计算的摘要一致')).toBeVisible()
})

test.describe('in English on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('the pages fit and have no violation', async ({ page }, info) => {
    await speak(page, 'en')
    await open(page, '/closings')
    for (const name of ['list', 'vintage']) {
      if (name === 'vintage') {
        await page.getByRole('link', { name: /vintage 2/ }).click()
        await settled(page)
      }
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(over, name).toBeLessThanOrEqual(0)
      expect(await atRest(page), name).toEqual([])
      await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true })
    }
  })
})
