// One step on a subject: its new papers first, then what is said. What is uploaded stays so when the step fails.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Changed, type Theirs } from '../pipeline/conflict'
import { calls } from './http'
import type { Act, NewEvidence, Ref, Step, Track } from './types'

export interface Attempt {
  act: Act
  step: Step
  papers: readonly (NewEvidence & { key: number })[]
}

/** useStep sends attempts. theirs is set while somebody else's change stands between the user and the step. */
export function useStep(track: Track, onDone: () => void) {
  const client = useQueryClient()
  const ref: Ref = { kind: track.kind, id: track.id }
  const uploaded = useRef(new Map<number, string>())
  const [theirs, setTheirs] = useState<Theirs | null>(null)
  const [last, setLast] = useState<Attempt | null>(null)

  async function send({ attempt, version }: { attempt: Attempt; version: number }) {
    const { act, step, papers } = attempt
    const ids = [...(step.evidence ?? [])]
    for (const { key, ...paper } of papers) {
      const id = uploaded.current.get(key) ?? (await calls.attach(ref, paper)).id
      uploaded.current.set(key, id)
      ids.push(id)
    }
    return calls.step(ref, act, { ...step, version, evidence: ids })
  }

  const done = () => {
    setTheirs(null)
    client.invalidateQueries()
    onDone()
  }
  const move = useMutation({
    mutationFn: send,
    onSuccess: done,
    onError: (error) => {
      setTheirs(error instanceof Changed ? error.theirs : null)
      if (uploaded.current.size > 0) client.invalidateQueries({ queryKey: ['evidence'] })
    },
  })

  return {
    theirs,
    last,
    saving: move.isPending,
    error: move.error instanceof Changed ? null : move.error,
    submit(attempt: Attempt) {
      setLast(attempt)
      move.mutate({ attempt, version: track.version })
    },
    /** again says the same once more, knowing what the other one did. */
    async again() {
      if (!last || !theirs) return
      move.mutate({ attempt: last, version: theirs.version || (await calls.track(ref)).version })
    },
    /** take leaves everything as the other one said it. */
    take: done,
  }
}
