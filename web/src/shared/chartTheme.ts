// One look for every chart, made from the same colours as the page.
import { colors } from './theme'

const text = { color: colors.soft, fontSize: 12, fontFamily: 'inherit' }

/** axes gives the grid and the two axes of a plot over named categories. */
export function axes(categories: string[], unit: string) {
  return {
    textStyle: { fontFamily: 'inherit' },
    grid: { left: 8, right: 12, top: 34, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category' as const,
      data: categories,
      axisLine: { lineStyle: { color: colors.line } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: 'value' as const,
      name: unit,
      nameTextStyle: { ...text, align: 'left' as const },
      axisLabel: text,
      splitLine: { lineStyle: { color: '#edf0f4' } },
    },
  }
}

export function legend() {
  return { top: 0, right: 0, itemWidth: 14, itemHeight: 8, icon: 'roundRect', textStyle: text }
}

export function tooltip(write: (value: number) => string) {
  return {
    trigger: 'axis' as const,
    confine: true,
    backgroundColor: '#fff',
    borderColor: colors.line,
    textStyle: { color: colors.ink, fontSize: 13 },
    valueFormatter: (value: unknown) => (typeof value === 'number' ? write(value) : '—'),
  }
}
