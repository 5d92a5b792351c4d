// What must hold on every page, whatever it shows.
import { axe, catalogueKeys, expect, open, paths, settled, speak, test } from './world'

const keys = catalogueKeys()

for (const language of ['zh-CN', 'en'] as const) {
  test(`every page has no axe violation, a title and no raw message key (${language})`, async ({ page }) => {
    test.setTimeout(360_000)
    await speak(page, language)
    for (const path of await paths(page)) {
      await test.step(path, async () => {
        await open(page, path)
        expect(await axe(page), path).toEqual([])
        expect(await page.title(), path).not.toBe('parkbrain')
        const text = await page.locator('body').innerText()
        expect(
          keys.filter((key) => text.includes(key)),
          path,
        ).toEqual([])
      })
    }
  })
}

test('an English screen has no Chinese among its own words', async ({ page }) => {
  test.setTimeout(180_000)
  await speak(page, 'en')
  for (const path of [
    '/',
    '/parks',
    '/enterprises',
    '/tenancies',
    '/projects',
    '/pipeline',
    '/pipeline?view=funnel',
    '/readiness',
    '/problems',
    '/quarter-reviews',
    '/lifecycles',
    '/imports',
    '/quality',
    '/closings',
    '/tasks?period=2025-06',
    '/filings?form=park_monthly&period=2025-06',
    '/reviews?period=2025-06',
    '/forms',
    '/users',
    '/tokens',
  ]) {
    await open(page, path)
    const own = await page
      .locator('h1, h2, thead th, .pb-tile, nav a, .pb-panel-note, .ant-segmented, label')
      .allInnerTexts()
    expect(
      own.filter((text) => /[\u4e00-\u9fff]/.test(text)),
      path,
    ).toEqual([])
  }
})

test('the language is switched in place and remembered', async ({ page }) => {
  await open(page, '/parks')
  await expect(page.locator('h1')).toHaveText('园区')
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.locator('h1')).toHaveText('Parks')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await page.reload()
  await settled(page)
  await expect(page.locator('h1')).toHaveText('Parks')
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('no page scrolls sideways, and axe finds nothing', async ({ page }) => {
    test.setTimeout(360_000)
    for (const path of await paths(page)) {
      await test.step(path, async () => {
        await open(page, path)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(over, path).toBeLessThanOrEqual(0)
        expect(await axe(page), path).toEqual([])
      })
    }
  })

  test('the bar at the bottom leads to the pages, and cards stand in for tables', async ({ page }) => {
    await open(page, '/')
    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '园区' }).click()
    await expect(page.locator('h1')).toHaveText('园区')
    await expect(page.locator('.pb-card').first()).toBeVisible()
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('dialog').getByRole('link', { name: '项目' }).click()
    await expect(page.locator('h1')).toHaveText('项目')
  })
})

test('a wall of 3840 × 2160 is used to its width', async ({ page }, info) => {
  await page.setViewportSize({ width: 3840, height: 2160 })
  await open(page, '/')
  const tiles = await page
    .locator('.pb-tile')
    .evaluateAll((all) => all.map((tile) => tile.getBoundingClientRect()))
  const right = Math.max(...tiles.map((box) => box.right))
  const left = Math.min(...tiles.map((box) => box.left))
  expect(right - left).toBeGreaterThan(3000)
  await info.attach('cockpit-4k', { body: await page.screenshot(), contentType: 'image/png' })
})
