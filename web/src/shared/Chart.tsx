import { useEffect, useRef } from 'react'
import { type ECharts, type EChartsCoreOption, init } from './echarts'

interface ChartProps {
  option: EChartsCoreOption
  height: number
  /** What the chart says, for people who do not see it. */
  summary: string
  /** Called with the category under the pointer when the reader clicks into the plot. */
  onPick?: (category: number) => void
}

/** Chart keeps one ECharts instance in step with its option and with the size of its box. */
export default function Chart({ option, height, summary, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(null)
  const pick = useRef(onPick)
  pick.current = onPick

  useEffect(() => {
    if (!box.current) return
    const instance = init(box.current, undefined, { renderer: 'canvas' })
    chart.current = instance
    instance.getZr().on('click', ({ offsetX, offsetY }) => {
      if (!instance.containPixel('grid', [offsetX, offsetY])) return
      const [category] = instance.convertFromPixel('grid', [offsetX, offsetY]) as number[]
      if (category !== undefined) pick.current?.(Math.round(category))
    })
    const sizes = new ResizeObserver(() => instance.resize())
    sizes.observe(box.current)
    return () => {
      sizes.disconnect()
      instance.dispose()
    }
  }, [])

  useEffect(() => {
    chart.current?.setOption({ animation: false, aria: { enabled: false }, ...option }, { notMerge: true })
  }, [option])

  return (
    <div
      ref={box}
      role="img"
      aria-label={summary}
      style={{ height, cursor: onPick ? 'pointer' : undefined }}
    />
  )
}
