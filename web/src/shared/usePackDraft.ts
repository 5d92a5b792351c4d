import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** What the server says of a pack's text. */
export interface PackCheck {
  ok: boolean
  problems: readonly { line: number; message: string }[] | null
}

/** A pack's text while somebody edits it. */
export interface PackDraft<Check extends PackCheck = PackCheck> {
  text: string
  write: (text: string) => void
  /** Goes back to the text in force. */
  reset: () => void
  /** The text differs from the one in force. */
  changed: boolean
  /** What is known of the text; while somebody types, of an earlier one. */
  check: UseQueryResult<Check>
  /** The check is of the text as it stands. */
  current: boolean
  /** The text is a change that was checked and found sound: it may be put in force. */
  ready: boolean
}

const pause = 600 // ms without a key before the text is checked

/** usePackDraft starts from the text in force and has each change checked once nobody types; key names the pack. */
export function usePackDraft<Check extends PackCheck>(
  yaml: string,
  key: readonly string[],
  check: (yaml: string, signal: AbortSignal) => Promise<Check>,
): PackDraft<Check> {
  const [text, write] = useState(yaml)
  const settled = useSettled(text)
  const checked = useQuery<Check>({
    queryKey: [...key, settled],
    queryFn: ({ signal }) => check(settled, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const current = settled === text && !checked.isPlaceholderData
  const changed = text !== yaml
  return {
    text,
    write,
    reset: () => write(yaml),
    changed,
    check: checked,
    current,
    ready: changed && current && checked.data?.ok === true,
  }
}

/** useSettled gives a text once nobody has typed for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
