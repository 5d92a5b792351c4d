// Where the peers lie, as parts of a line: the ends, the median, and a little room on both sides.

export interface Band {
  low: number
  median: number
  high: number
}

/** numberOf reads the plain number that a text begins with; null when there is none. */
export function numberOf(text: string): number | null {
  const plain = /^[\s≈<>]*([-−]?[\d,]*\.?\d+(?:e[-+]?\d+)?)/i.exec(text)?.[1]
  if (!plain) return null
  const value = Number(plain.replace(/,/g, '').replace('−', '-'))
  return Number.isFinite(value) ? value : null
}

/** bandOf reads a band; null where a text is no number or the numbers are in no order. */
export function bandOf(peers: { low: string; median: string; high: string }): Band | null {
  const [low, median, high] = [numberOf(peers.low), numberOf(peers.median), numberOf(peers.high)]
  if (low === null || median === null || high === null || low > median || median > high) return null
  return { low, median, high }
}

/** placesOf puts the band on a line from 0 to 100, by ratios where all is positive, because figures are compared by them. */
export function placesOf({ low, median, high }: Band): Band {
  const by = low > 0 ? Math.log : (value: number) => value
  const room = (by(high) - by(low)) * 0.25 || 1
  const [from, to] = [by(low) - room, by(high) + room]
  const place = (value: number) => ((by(value) - from) / (to - from)) * 100
  return { low: place(low), median: place(median), high: place(high) }
}
