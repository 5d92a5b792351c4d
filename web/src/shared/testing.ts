// Set-up of the unit tests: the catalogue and the few browser parts that jsdom lacks.
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'
import { startI18n } from './i18n'

globalThis.matchMedia ??= (media: string) =>
  ({ media, matches: false, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}

await startI18n('zh-CN')
afterEach(cleanup)
