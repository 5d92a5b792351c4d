import type { ReactNode } from 'react'
import { Glyph, type GlyphName } from './Glyph'
import './nature.css'

const glyphs: Record<Judgement, GlyphName> = { good: 'check', fair: 'near', bad: 'broken' }

export type Judgement = 'good' | 'fair' | 'bad'

/** Verdict is the only place where red, amber and green appear: always with a word and a shape. */
export function Verdict({ judgement, children }: { judgement: Judgement; children: ReactNode }) {
  return (
    <span className={`pb-verdict ${judgement}`}>
      <Glyph name={glyphs[judgement]} />
      {children}
    </span>
  )
}
