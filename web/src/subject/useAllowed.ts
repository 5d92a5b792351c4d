import { useMe } from '../session/session'

/** useAllowed says whether the user's role allows something; the server decides again for each subject. */
export function useAllowed(action: string): boolean {
  return useMe().actions?.includes(action) ?? false
}
