// One accent; red, amber and green only for judgement, always beside a word.
// The secondary text colours are darker than antd's so that small text passes WCAG AA.
import type { ThemeConfig } from 'antd'

export const colors = {
  accent: '#1f5fd0',
  ink: '#101828',
  soft: '#475467',
  faint: '#5d6b82',
  line: '#e4e7ec',
  ground: '#f4f6f9',
  good: '#067647',
  fair: '#93370d',
  bad: '#b42318',
} as const

const font =
  '"PingFang SC", "Microsoft YaHei", "HarmonyOS Sans SC", "Noto Sans CJK SC", system-ui, -apple-system, "Segoe UI", sans-serif'

/** Whoever asked the system for less motion gets none. */
const still = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false

export const theme: ThemeConfig = {
  zeroRuntime: true,
  hashed: false,
  cssVar: { key: 'pb' },
  token: {
    colorPrimary: colors.accent,
    colorPrimaryHover: '#174ea8', // antd's own hover is too light for white text
    colorInfo: colors.accent,
    colorLink: colors.accent,
    colorLinkHover: '#174ea8',
    colorTextBase: colors.ink,
    colorTextDescription: 'rgba(16, 24, 40, 0.65)',
    colorTextTertiary: 'rgba(16, 24, 40, 0.65)',
    colorTextPlaceholder: 'rgba(16, 24, 40, 0.62)',
    colorTextDisabled: 'rgba(16, 24, 40, 0.45)',
    colorSuccess: colors.good,
    colorSuccessBg: '#ecfdf3',
    colorSuccessBorder: '#a6e3c3',
    colorWarning: colors.fair,
    colorWarningBg: '#fffaeb',
    colorWarningBorder: '#f5d58a',
    colorError: colors.bad,
    colorErrorBg: '#fef3f2',
    colorErrorBorder: '#f7c1bb',
    colorBgLayout: colors.ground,
    colorBorder: '#cfd6e1',
    colorBorderSecondary: colors.line,
    borderRadius: 6,
    fontFamily: font,
    fontSize: 14,
    motion: !still,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
  },
}
