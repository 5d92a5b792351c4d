import { type ComponentProps, lazy, Suspense } from 'react'
import { Loading } from './states'

const Chart = lazy(() => import('./Chart'))

/** LazyChart loads the chart library when the first chart is shown. */
export function LazyChart(props: ComponentProps<typeof Chart>) {
  return (
    <Suspense fallback={<Loading height={props.height} />}>
      <Chart {...props} />
    </Suspense>
  )
}
