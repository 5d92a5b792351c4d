// One step on a subject: the papers first, then what is said of the stage. What is uploaded stays so when the step fails.
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Changed, type Theirs } from './conflict'
import { calls, type Paper } from './http'
import { useRefresh } from './queries'
import type { Card, Deed, Step } from './types'

export interface Draft extends Paper {
  key: number
}

export interface Attempt {
  deed: Deed | 'plan'
  step: Omit<Step, 'version'>
  papers: readonly Draft[]
}

interface Told {
  onDone: () => void
  /** A paper is kept, under an id: it can be ticked from now on, and no longer be changed. */
  onKept?: (key: number, id: string) => void
}

/** useStep sends attempts. theirs is set while somebody else's change stands between the user and the step. */
export function useStep(of: Pick<Card, 'kind' | 'id'>, version: number, { onDone, onKept }: Told) {
  const refresh = useRefresh()
  const uploaded = useRef(new Map<number, string>())
  const [theirs, setTheirs] = useState<Theirs | null>(null)
  const [last, setLast] = useState<Attempt | null>(null)

  async function send({ attempt, version }: { attempt: Attempt; version: number }) {
    const { deed, step, papers } = attempt
    for (const paper of papers) {
      if (uploaded.current.has(paper.key)) continue
      const { id } = await calls.attach(of.kind, of.id, paper)
      uploaded.current.set(paper.key, id)
      onKept?.(paper.key, id)
    }
    const added = papers.map(({ key }) => uploaded.current.get(key)).filter((id) => id !== undefined)
    return calls.step(of.kind, of.id, deed, { ...step, version, evidence: [...step.evidence, ...added] })
  }

  const move = useMutation({
    mutationFn: send,
    onSuccess: () => {
      setTheirs(null)
      refresh()
      onDone()
    },
    onError: (error) => setTheirs(error instanceof Changed ? error.theirs : null),
  })

  return {
    theirs,
    last,
    saving: move.isPending,
    error: move.error instanceof Changed ? null : move.error,
    submit(attempt: Attempt) {
      setLast(attempt)
      move.mutate({ attempt, version })
    },
    /** again says the same once more, knowing what the other one did. */
    async again() {
      if (!last || !theirs) return
      const now = theirs.version || (await calls.track(of.kind, of.id, new AbortController().signal)).version
      move.mutate({ attempt: last, version: now })
    },
    /** take leaves everything as the other one said it. */
    take() {
      setTheirs(null)
      refresh()
      onDone()
    },
    reset() {
      setTheirs(null)
      move.reset()
    },
  }
}
