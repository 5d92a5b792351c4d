/** Spark draws a series as a small line without axes. It is decoration: the numbers stand in the panels. */
export function Spark({ values }: { values: (number | null)[] }) {
  const known = values.filter((value): value is number => value !== null)
  if (known.length < 2) return <span className="pb-spark" />
  const low = Math.min(...known)
  const span = Math.max(...known) - low || 1
  const at = (value: number, index: number): [number, number] => [
    2 + (index / (values.length - 1)) * 92,
    22 - ((value - low) / span) * 18,
  ]
  const points = values.flatMap((value, index) => (value === null ? [] : [at(value, index)]))
  const line = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  const [endX, endY] = points[points.length - 1] ?? [0, 0]
  return (
    <svg className="pb-spark" viewBox="0 0 96 26" preserveAspectRatio="none" aria-hidden="true">
      <polyline
        points={line}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
      />
      <circle cx={endX} cy={endY} r="2" fill="currentColor" />
    </svg>
  )
}
