import { type RefObject, useEffect, useState } from 'react'

/** useOverflow reports whether an element is wider inside than outside: only then may the keyboard scroll it. */
export function useOverflow(ref: RefObject<HTMLElement | null>): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = () => setOver(element.scrollWidth > element.clientWidth)
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    for (const child of element.children) sizes.observe(child)
    measure()
    return () => sizes.disconnect()
  }, [ref])
  return over
}
