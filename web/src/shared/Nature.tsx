// The nature (口径性质) of a figure, as a word. A simulated one is drawn with a dashed edge and never without its word.
import { useText } from './i18n'
import './nature.css'

const known = ['declared', 'record', 'statistics', 'estimate', 'derived', 'simulated'] as const

export function natureName(t: (key: string) => string, nature: string): string {
  return (known as readonly string[]).includes(nature) ? t(`nature.${nature}`) : nature
}

export function Nature({ nature }: { nature: string }) {
  const { t } = useText()
  if (!nature) return null
  return (
    <span className={`pb-nature ${nature === 'simulated' ? 'simulated' : ''}`}>{natureName(t, nature)}</span>
  )
}

/** Natures shows each nature once. */
export function Natures({ natures }: { natures: readonly string[] | null | undefined }) {
  return (
    <>
      {[...new Set(natures ?? [])].map((nature) => (
        <Nature key={nature} nature={nature} />
      ))}
    </>
  )
}
