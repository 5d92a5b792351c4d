import { useSyncExternalStore } from 'react'

const query = '(max-width: 767.98px)'

function subscribe(changed: () => void) {
  const list = globalThis.matchMedia(query)
  list.addEventListener('change', changed)
  return () => list.removeEventListener('change', changed)
}

/** useNarrow reports a phone-wide window: cards stand in for tables, a bar at the bottom for the rail. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => globalThis.matchMedia(query).matches)
}
