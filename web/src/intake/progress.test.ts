import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { shareOf, timeLeft, useProgress } from './progress'

class Stream extends EventTarget {
  static all: Stream[] = []
  static CLOSED = 2
  readyState = 1
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    super()
    Stream.all.push(this)
  }
  close() {
    this.readyState = 2
  }
  tell(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
  }
}

beforeEach(() => {
  Stream.all = []
  vi.stubGlobal('EventSource', Stream)
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const last = () => Stream.all.at(-1) as Stream

test('useProgress follows the stream and ends with it', () => {
  const done = vi.fn()
  const { result } = renderHook(() => useProgress('i 1', true, done))
  expect(last().url).toBe('/api/v1/intakes/i%201/events')
  act(() => last().tell('progress', { done: 5, total: 10 }))
  expect(result.current.progress).toMatchObject({ done: 5, total: 10 })
  act(() => last().tell('done', { state: 'checked' }))
  expect(done).toHaveBeenCalledOnce()
  expect(last().readyState).toBe(Stream.CLOSED)
})

test('useProgress says that the stream broke, and asks again when the browser gave up', () => {
  const { result } = renderHook(() => useProgress('i', true, () => {}))
  act(() => {
    last().readyState = Stream.CLOSED
    last().onerror?.()
  })
  expect(result.current.lost).toBe(true)
  act(() => vi.advanceTimersByTime(3000))
  expect(Stream.all).toHaveLength(2)
  act(() => last().tell('progress', { done: 6, total: 10 }))
  expect(result.current.lost).toBe(false)
})

test('useProgress listens only while something runs', () => {
  const { rerender } = renderHook(({ running }) => useProgress('i', running, () => {}), {
    initialProps: { running: false },
  })
  expect(Stream.all).toHaveLength(0)
  rerender({ running: true })
  rerender({ running: false })
  expect(last().readyState).toBe(Stream.CLOSED)
})

test('shareOf is unknown while nobody knows how much there is, and never above all of it', () => {
  expect(shareOf({ done: 3, total: 0 })).toBeNull()
  expect(shareOf({ done: 1, total: 3 })).toBe(33)
  expect(shareOf({ done: 12, total: 10 })).toBe(100)
})

test('timeLeft speaks of minutes beyond two of them', () => {
  expect(timeLeft(undefined)).toBeNull()
  expect(timeLeft(0)).toEqual({ unit: 'seconds', count: 1 })
  expect(timeLeft(119.2)).toEqual({ unit: 'seconds', count: 120 })
  expect(timeLeft(121)).toEqual({ unit: 'minutes', count: 3 })
})
