// The progress of a check or a commit, told by the server while it goes on. A reload begins with the present state.
import { useEffect, useRef, useState } from 'react'
import type { Progress } from './types'

const again = 3000 // ms until a refused stream is asked for again

interface Told {
  progress: Progress | null
  /** The stream broke; the work on the server goes on, and the browser asks again. */
  lost: boolean
}

/** useProgress follows an intake's job while it runs, and calls onDone once when it ends. */
export function useProgress(id: string, running: boolean, onDone: () => void): Told {
  const [told, setTold] = useState<Told>({ progress: null, lost: false })
  const done = useRef(onDone)
  done.current = onDone
  useEffect(() => {
    if (!running) return
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const listen = () => {
      source = new EventSource(`/api/v1/intakes/${encodeURIComponent(id)}/events`)
      source.addEventListener('progress', (event) =>
        setTold({ progress: JSON.parse(event.data) as Progress, lost: false }),
      )
      source.addEventListener('done', () => {
        source?.close()
        done.current()
      })
      source.onerror = () => {
        setTold((before) => ({ ...before, lost: true }))
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(listen, again)
      }
    }
    listen()
    return () => {
      source?.close()
      clearTimeout(timer)
      setTold({ progress: null, lost: false })
    }
  }, [id, running])
  return told
}

/** shareOf is how far a job is, in whole percent; null while nobody knows how much there is. */
export function shareOf({ done, total }: Pick<Progress, 'done' | 'total'>): number | null {
  if (total <= 0) return null
  return Math.max(0, Math.min(100, Math.floor((done / total) * 100)))
}

/** timeLeft splits seconds into what a person wants to know: minutes beyond two of them. */
export function timeLeft(
  seconds: number | null | undefined,
): { unit: 'seconds' | 'minutes'; count: number } | null {
  if (seconds == null || !Number.isFinite(seconds) || seconds < 0) return null
  if (seconds < 120) return { unit: 'seconds', count: Math.max(1, Math.ceil(seconds)) }
  return { unit: 'minutes', count: Math.ceil(seconds / 60) }
}
