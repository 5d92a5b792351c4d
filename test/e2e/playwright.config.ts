// Browser tests against the real binary. Run by `npm run e2e` in web, which needs PARKBRAIN_BIN: the path of the binary.
import { defineConfig } from '@playwright/test'

const port = Number(process.env.PARKBRAIN_E2E_PORT ?? 18140)

export default defineConfig({
  testDir: '.',
  outputDir: '../../web/test-results',
  globalSetup: './server.ts',
  fullyParallel: true,
  forbidOnly: process.env.CI !== undefined,
  workers: 3,
  // Long enough for a machine that does other things as well; what is fast does not wait. No test measures by these.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    // What still moves under the pointer is missed on a busy machine: the specs ask for no motion, as some people do.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.PARKBRAIN_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
