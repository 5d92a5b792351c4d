import { admin, axe, expect, open, settled, test } from './world'

test.describe('without a session', () => {
  test.use({ storageState: { cookies: [], origins: [] }, refusals: true })

  test('a wrong password is refused in words, the right one leads to the page that was asked for', async ({
    page,
  }) => {
    await page.goto('/parks?q=%E6%99%8B')
    await expect(page.locator('h1')).toHaveText('登录')
    expect(await axe(page)).toEqual([])
    await page.getByLabel('用户名').fill(admin.username)
    await page.getByLabel('密码', { exact: true }).fill(`not ${admin.password}`)
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.getByRole('alert')).toBeVisible()
    await page.getByLabel('密码', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: '登录' }).click()
    await settled(page)
    await expect(page).toHaveURL(/\/parks\?.*q=/)
    await expect(page.locator('h1')).toHaveText('园区')
  })

  test('empty fields are named before anything is sent', async ({ page }) => {
    await page.goto('/login')
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.getByText('请输入用户名')).toBeVisible()
    await expect(page.getByText('请输入密码')).toBeVisible()
  })

  test('signing out ends the session', async ({ page }) => {
    await page.request.post('/api/v1/session', { data: admin })
    await open(page, '/')
    await page.getByRole('button', { name: /用户菜单/ }).click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await expect(page.locator('h1')).toHaveText('登录')
    await page.goto('/')
    await expect(page.locator('h1')).toHaveText('登录')
  })

  test('who is not signed out is told so', async ({ page }) => {
    await page.request.post('/api/v1/session', { data: admin })
    await open(page, '/')
    await page.route('**/api/v1/session', (route) => route.abort())
    await page.getByRole('button', { name: /用户菜单/ }).click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await expect(page.getByRole('alert')).toContainText('没有退出，本机仍处于登录状态')
    expect(await axe(page)).toEqual([])
    await page.unroute('**/api/v1/session')
    await page.getByRole('button', { name: '退出登录' }).click()
    await expect(page.locator('h1')).toHaveText('登录')
  })
})

test.describe('with a session that ends', () => {
  test.use({ refusals: true })

  test('the next click asks to sign in and returns to the same page', async ({ page, context }) => {
    await open(page, '/')
    await context.clearCookies()
    await page.getByRole('link', { name: '企业', exact: true }).click()
    await expect(page.locator('h1')).toHaveText('登录')
    await expect(page.getByText('登录已过期')).toBeVisible()
    await page.getByLabel('用户名').fill(admin.username)
    await page.getByLabel('密码', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: '登录' }).click()
    await expect(page.locator('h1')).toHaveText('企业')
  })

  test('a one-time password must be changed before anything else', async ({ page }) => {
    await page.route('**/api/v1/me', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ json: { ...(await answer.json()), must_change_password: true } })
    })
    await page.goto('/parks')
    await expect(page.locator('h1')).toHaveText('修改密码')
    await expect(page.getByText('当前密码只能用一次')).toBeVisible()
    expect(await axe(page)).toEqual([])
    await page.getByLabel('当前密码').fill(admin.password)
    await page.getByLabel('新密码', { exact: true }).fill('short')
    await page.getByRole('button', { name: '保存新密码' }).click()
    await expect(page.locator('.ant-form-item-explain-error').first()).toHaveText('至少 12 个字符')
  })
})
