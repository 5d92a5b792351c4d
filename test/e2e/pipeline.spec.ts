// The pipeline: no card moves without evidence, nobody's word is lost, every count opens its rows, and the chart is quick.
import type { Page } from '@playwright/test'
import { officeFile, startTown, townAddress } from './town'
import { ask, axe, expect, open, settled, speak, test } from './world'

const town = 12

test.describe.configure({ mode: 'serial' })
test.use({ baseURL: townAddress(town), storageState: officeFile(town, 'office.a') })

let stop: (() => Promise<void>) | undefined
test.beforeAll(async () => {
  test.setTimeout(120_000)
  stop = await startTown(
    town,
    [
      { name: 'office.a', role: 'city_office', org: '350500' },
      { name: 'reader.a', role: 'viewer', org: '350500' },
    ],
    600,
  )
})
test.afterAll(() => stop?.())

interface Card {
  kind: string
  id: string
  name: string
  version: number
  next_stage: string
  next_planned: string
}

interface Lane {
  stage: string
  name: string
  count: number
}

const of = 'kind=tenancy&lifecycle=tenancy'
const lanesOf = async (page: Page) => (await ask<{ lanes: Lane[] }>(page, `/pipeline/kanban?${of}`)).lanes
const cardsOf = async (page: Page, stage: string, limit = 3) =>
  (await ask<{ items: Card[] }>(page, `/pipeline/cards?${of}&stage=${stage}&limit=${limit}`)).items

async function say(page: Page, card: Pick<Card, 'kind' | 'id'>, act: string, step: object) {
  const { version } = await ask<{ version: number }>(page, `/subjects/${card.kind}/${card.id}`)
  const answer = await page.request.post(`/api/v1/subjects/${card.kind}/${card.id}/${act}`, {
    data: { version, ...step },
  })
  expect(answer.ok(), await answer.text()).toBe(true)
}

/** moveBy opens the evidence form of a card by keyboard alone. */
async function moveBy(page: Page, card: Card, stage: string) {
  await open(page, `/pipeline?q=${encodeURIComponent(card.name)}`)
  const button = page.getByRole('button', { name: `把“${card.name}”移到` })
  await button.focus()
  await page.keyboard.press('Enter')
  const item = page.getByRole('menuitem', { name: stage, exact: true })
  await expect(item).toBeVisible()
  for (let at = 0; at < 14 && !(await item.getAttribute('class'))?.includes('active'); at++)
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByText('进入的节点')).toBeVisible()
  await expect(drawer.locator('.pb-loading')).toHaveCount(0)
  return drawer
}

test('the board shows every lane with its count, loads more, and has no violation', async ({
  page,
}, info) => {
  const lanes = await lanesOf(page)
  await open(page, '/pipeline')
  for (const { name, count } of lanes) {
    const lane = page.getByRole('region', { name, exact: true })
    await expect(lane.locator('h3 b')).toHaveText(count.toLocaleString('en-US'))
    await expect(lane.locator('.pb-pipe-card')).toHaveCount(Math.min(30, count))
  }
  const long = lanes.find(({ count }) => count > 30)
  if (long) {
    const lane = page.getByRole('region', { name: long.name, exact: true })
    await lane.getByRole('button', { name: '继续加载' }).click()
    await expect(lane.locator('.pb-pipe-card')).toHaveCount(Math.min(90, long.count))
  }
  expect(await axe(page)).toEqual([])
  await page.screenshot({ path: info.outputPath('board.png') })
  const button = page.getByRole('button', { name: /移到$/ }).first()
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await expect(button).toBeFocused()
})

test.describe('a card', () => {
  test.use({ refusals: true })

  test('does not move without evidence, and moves with it', async ({ page }) => {
    const [card] = await cardsOf(page, 'fitting_out')
    if (!card) throw new Error('the town has nobody fitting out')
    const drawer = await moveBy(page, card, '投产')
    await drawer.getByLabel('日期').fill('2025-06-20')
    await drawer.getByLabel('来源').fill('企业说的')
    await drawer.getByRole('button', { name: '提交' }).click()
    await expect(drawer.getByRole('alert').filter({ hasText: '投产要有许可或行政记录' })).toBeVisible()
    expect((await cardsOf(page, 'fitting_out', 500)).some(({ id }) => id === card.id)).toBe(true)

    await drawer.getByRole('button', { name: '添加一份佐证' }).click()
    await drawer.getByLabel('文号').fill('泉投产〔2025〕1号')
    await drawer.getByLabel('文件').setInputFiles({
      name: '投产登记.pdf',
      mimeType: 'application/pdf',
      buffer: Buffer.from('%PDF-1.4\n%%EOF\n'),
    })
    await expect(drawer.getByLabel('名称')).toHaveValue('投产登记.pdf')
    expect(await axe(page)).toEqual([])
    await drawer.getByRole('button', { name: '提交' }).click()
    await expect(drawer).toBeHidden()
    const there = await ask<{ items: Card[] }>(
      page,
      `/pipeline/table?${of}&stage=production&reached=true&limit=1000`,
    )
    expect(there.items.some(({ id }) => id === card.id)).toBe(true)
    await expect(
      page.getByRole('region', { name: '装修', exact: true }).locator('.pb-pipe-card'),
    ).toHaveCount(0)
  })

  test('that is dragged to a lane opens the form for its stage', async ({ page }) => {
    const [card] = await cardsOf(page, 'handed_over')
    if (!card) throw new Error('the town has handed nothing over')
    await page.setViewportSize({ width: 2400, height: 900 }) // both lanes are in view
    await open(page, `/pipeline?q=${encodeURIComponent(card.name)}`)
    const lane = (name: string) => page.getByRole('region', { name, exact: true })
    await lane('交付').locator('.pb-pipe-card').dragTo(lane('装修'))
    const drawer = page.getByRole('dialog')
    await expect(drawer).toContainText(card.name)
    await expect(drawer).toContainText('装修 · 可以进入')
    await page.keyboard.press('Escape')
    await expect(drawer).toBeHidden()
    await expect(lane('交付').locator('.pb-pipe-card')).toHaveCount(1)
  })

  test('that somebody else changed shows both versions, and neither is lost', async ({ page }, info) => {
    const card = (await cardsOf(page, 'handed_over'))[0]
    if (!card) throw new Error('the town has handed nothing over')
    const drawer = await moveBy(page, card, '装修')
    await drawer.getByLabel('日期').fill('2025-06-21')
    await drawer.getByLabel('来源').fill('专员现场核对')
    await say(page, card, 'plan', { stage: 'fitting_out', day: '2025-09-01', reason: '设备晚到' })
    await drawer.getByRole('button', { name: '提交' }).click()
    const conflict = drawer.getByRole('alert', { name: '这个对象刚刚被别人改过' })
    await expect(conflict).toContainText('office.a')
    await expect(conflict).toContainText('2025年9月1日')
    await expect(conflict).toContainText('2025年6月21日')
    expect(await axe(page)).toEqual([])
    await page.screenshot({ path: info.outputPath('conflict.png') })
    await conflict.getByRole('button', { name: '再次提交' }).click()
    await expect(drawer).toBeHidden()
    const track = await ask<{ stages: { code: string; day: string; planned: { day: string } | null }[] }>(
      page,
      `/subjects/tenancy/${card.id}`,
    )
    const stage = track.stages.find(({ code }) => code === 'fitting_out')
    expect([stage?.day, stage?.planned?.day]).toEqual(['2025-06-21', '2025-09-01'])
  })
})

test('a plan is changed in the table with a reason; Esc leaves it', async ({ page }) => {
  interface Planned extends Card {
    milestones: { stage: string; replans: number }[]
  }
  const planned = await ask<{ items: Planned[] }>(page, `/pipeline/table?${of}&sort=next_planned&limit=1`)
  const card = planned.items[0]
  if (!card) throw new Error('the town plans nothing')
  const search = `/pipeline/table?${of}&q=${encodeURIComponent(card.name)}`
  const stateOf = async () => {
    const { items } = await ask<{ items: Planned[] }>(page, search)
    const mark = items[0]?.milestones.find(({ stage }) => stage === card.next_stage)
    return { day: items[0]?.next_planned, replans: mark?.replans ?? 0 }
  }
  const before = await stateOf()
  await open(page, `/pipeline?view=table&q=${encodeURIComponent(card.name)}`)
  const row = page.getByRole('row').filter({ hasText: card.name })
  const cell = row.getByRole('button', { name: '调整' })
  await cell.click()
  await row.getByLabel('新的计划日期').fill('2031-05-01')
  await page.keyboard.press('Escape')
  await expect(cell).toBeFocused()
  expect(await stateOf()).toEqual(before)
  await page.keyboard.press('Enter')
  await row.getByLabel('新的计划日期').fill('2031-04-15')
  await page.keyboard.press('Enter')
  await expect(row.getByRole('alert')).toContainText('理由')
  await row.getByLabel('理由').fill('厂房验收推迟')
  expect(await axe(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect(row.getByLabel('新的计划日期')).toHaveCount(0)
  await settled(page)
  const { items } = await ask<{ items: Planned[] }>(page, search)
  const mark = items[0]?.milestones.find(({ stage }) => stage === card.next_stage)
  expect(mark).toMatchObject({ planned: '2031-04-15', replans: before.replans + 1 })
})

test('every count of the funnel opens its rows', async ({ page }) => {
  await open(page, '/pipeline?view=funnel')
  expect(await axe(page)).toEqual([])
  const links = page.locator('.pb-funnel a')
  const texts = await links.allInnerTexts()
  const at = texts.findIndex((text) => Number(text.replace(/,/g, '')) <= 50)
  const count = Number(texts[Math.max(0, at)]?.replace(/,/g, ''))
  await links.nth(Math.max(0, at)).click()
  await expect(page).toHaveURL(/view=table/)
  await settled(page)
  await expect(page.locator('.pb-table tbody tr')).toHaveCount(Math.min(50, count))

  await open(page, '/pipeline?view=funnel')
  const county = page.getByRole('table').getByRole('row').nth(1).getByRole('rowheader').getByRole('link')
  await county.click()
  await expect(page).toHaveURL(/by=park/)
  await settled(page)
  await expect(page.getByRole('heading', { name: '分园区' })).toBeVisible()
})

test('the plans of two moments are compared', async ({ page }) => {
  await open(page, '/pipeline?view=baseline')
  await page.getByLabel('名称').fill('试存')
  await page.getByRole('button', { name: '存为基准' }).click()
  await expect(page.getByRole('row').filter({ hasText: '试存' })).toBeVisible()
  const [card] = await cardsOf(page, 'signed')
  if (!card) throw new Error('the town has nobody who signed')
  await say(page, card, 'plan', { stage: 'handed_over', day: '2027-06-01', reason: '再次推迟' }) // moves nobody else
  await page.getByRole('button', { name: '与现在比' }).first().click()
  await page.getByText('对象', { exact: true }).first().click()
  await settled(page)
  await expect(page.getByRole('table', { name: '计划的差别' }).getByRole('row').nth(1)).toContainText('交付')
  expect(await axe(page)).toEqual([])
})

test.describe('for a reader', () => {
  test.use({ storageState: officeFile(town, 'reader.a') })

  test('there is everything to see and nothing to move', async ({ page }) => {
    await open(page, '/pipeline')
    await expect(page.locator('.pb-pipe-card').first()).toBeVisible()
    await expect(page.getByRole('button', { name: /移到$/ })).toHaveCount(0)
    await open(page, '/pipeline?view=baseline')
    await expect(page.getByRole('button', { name: '存为基准' })).toHaveCount(0)
  })
})

test.describe('the chart', () => {
  const rows = 5000

  /** mockRows answers the chart from memory, so that what is measured is reading and drawing alone. */
  async function mockRows(page: Page) {
    await page.addInitScript((rows) => {
      const real = globalThis.fetch
      const day = (month: number, of: number) =>
        new Date(Date.UTC(2022, month, 1 + (of % 27))).toISOString().slice(0, 10)
      const item = (no: number) => ({
        kind: 'project',
        id: `p${no}`,
        name: `试验项目${no}`,
        park_name: `试验园区${no % 90}`,
        org_name: '晋江市',
        org_name_en: 'Jinjiang',
        officer: '',
        light: ['green', 'yellow', 'red', 'off'][no % 4],
        suspended: false,
        ended: '',
        marks: Array.from({ length: 12 }, (_, stage) => {
          const begin = (no % 24) + stage * 3
          const entered = day(begin + (no % 3), no)
          return [
            stage,
            day(begin, no),
            day(begin + (no % 2), no),
            entered < '2024-06' ? entered : '',
            'claimed',
          ]
        }),
      })
      const stages = Array.from({ length: 12 }, (_, at) => ({
        code: `s${at}`,
        name: `节点${at + 1}`,
        name_en: `Stage ${at + 1}`,
      }))
      const pages = Array.from({ length: rows / 1000 }, (_, at) =>
        JSON.stringify({
          lifecycle: { code: 'construction', name: '园区建设', name_en: 'Park construction' },
          stages,
          as_of: '2024-07-12',
          total: rows,
          items: Array.from({ length: 1000 }, (_, no) => item(at * 1000 + no)),
          next: at + 1 < rows / 1000 ? String(at + 1) : '',
        }),
      )
      globalThis.fetch = (input, init) => {
        const url = new URL(input instanceof Request ? input.url : String(input), location.origin)
        if (url.pathname !== '/api/v1/pipeline/gantt') return real(input, init)
        const body = pages[Number(url.searchParams.get('cursor') || 0)]
        return Promise.resolve(new Response(body, { headers: { 'Content-Type': 'application/json' } }))
      }
    }, rows)
  }

  test('draws 5,000 projects with 12 stages each within a second', async ({ page }, info) => {
    await mockRows(page)
    await open(page, '/pipeline?view=funnel')
    const took = await page.evaluate(async (rows) => {
      const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
      const until = async (holds: () => boolean) => {
        while (!holds()) await new Promise((done) => requestAnimationFrame(done))
        await painted()
      }
      const shown = (no: number) => document.querySelector(`[role=option][aria-posinset="${no}"]`) !== null
      const counted = () =>
        document.querySelector('[role=option]')?.getAttribute('aria-setsize') === String(rows)
      const button = [...document.querySelectorAll('.ant-segmented-item-label')].find(
        (label) => label.textContent === '横道图',
      )
      performance.mark('asked')
      ;(button as HTMLElement).click()
      await until(() => shown(1))
      performance.mark('drawn')
      await until(counted)
      performance.mark('all')
      const box = document.querySelector('.pb-gantt') as HTMLElement
      box.scrollTop = box.scrollHeight
      await until(() => shown(rows))
      performance.mark('end')
      const span = (from: string, to: string) => Math.round(performance.measure(to, from, to).duration)
      return { first: span('asked', 'drawn'), all: span('asked', 'all'), scroll: span('all', 'end') }
    }, rows)
    console.log(
      `gantt of ${rows} × 12: first rows ${took.first} ms, all ${took.all} ms, to the end ${took.scroll} ms`,
    )
    expect(took.first).toBeLessThanOrEqual(1000)
    expect(await page.getByRole('option').count()).toBeLessThan(80)
    await expect(page.getByRole('option').last()).toContainText('试验项目4999')
    await page.screenshot({ path: info.outputPath('gantt.png') })
  })

  test('is led by the keyboard, says each row in words, and has no violation', async ({ page }) => {
    await mockRows(page)
    await open(page, '/pipeline?view=gantt')
    const chart = page.getByRole('listbox')
    await chart.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await expect(page.getByRole('option', { selected: true })).toContainText('试验项目2')
    await expect(page.locator('.pb-gantt-detail')).toContainText('试验项目2')
    await page.keyboard.press('End')
    const last = page.getByRole('option', { selected: true })
    await expect(last).toContainText('试验项目4999')
    await expect(last).toContainText('计划')
    await expect(chart).toHaveAttribute('aria-activedescendant', (await last.getAttribute('id')) ?? '')
    expect(await axe(page)).toEqual([])
    await page.getByText('月', { exact: true }).click()
    await expect(page).toHaveURL(/zoom=month/)
    await expect(page.locator('.pb-gantt-axis text').filter({ hasText: '7月' }).first()).toBeAttached()
  })

  test('goes to paper as sheets of A3', async ({ page }, info) => {
    await mockRows(page)
    await page.addInitScript(() => {
      globalThis.print = () => document.body.setAttribute('data-printed', '1')
    })
    await open(page, '/pipeline?view=gantt')
    await page.getByRole('button', { name: '打印（A3 横向）' }).click()
    await expect(page.locator('body[data-printed]')).toBeAttached()
    await expect(page.locator('.pb-gantt-paper section')).toHaveCount(Math.ceil(1000 / 34))
    const pdf = await page.pdf({ preferCSSPageSize: true, path: info.outputPath('gantt.pdf') })
    const box = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/.exec(pdf.toString('latin1'))
    expect([Math.round(Number(box?.[1]) / 10), Math.round(Number(box?.[2]) / 10)]).toEqual([119, 84]) // A3 across, in 10 pt
    await page.evaluate(() => globalThis.dispatchEvent(new Event('afterprint')))
    await expect(page.locator('.pb-gantt-paper')).toHaveCount(0)
  })
})

test.describe('in English on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true })

  test('every view fits and has no violation, and a list stands in for the chart', async ({ page }) => {
    test.setTimeout(120_000)
    await speak(page, 'en')
    for (const view of ['board', 'table', 'gantt', 'funnel', 'baseline']) {
      await open(page, `/pipeline?view=${view}`)
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(over, view).toBeLessThanOrEqual(0)
      expect(await axe(page), view).toEqual([])
      if (view === 'gantt')
        await expect(page.getByRole('list', { name: 'Progress of each subject' })).toBeVisible()
    }
    await open(page, '/pipeline')
    await expect(page.getByRole('combobox', { name: 'Stage', exact: true })).toBeVisible()
    await expect(page.locator('.pb-pipe-lane')).toHaveCount(1)
  })
})
