import { type Ref, useImperativeHandle, useRef } from 'react'

export interface CodeTextHandle {
  goTo: (line: number) => void
}

interface CodeTextProps {
  ref?: Ref<CodeTextHandle>
  label: string
  text: string
  onText: (text: string) => void
  /** Lines with something wrong. */
  marked: number[]
}

const lineHeight = 20 // px, as in pack-editor.css

/** CodeText is a plain text area with line numbers; Tab stays a way out of it, as in every field. */
export function CodeText({ ref, label, text, onText, marked }: CodeTextProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLDivElement>(null)
  const lines = text.split('\n')
  useImperativeHandle(ref, () => ({
    goTo(line) {
      const box = area.current
      if (!box) return
      const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0)
      box.focus()
      box.setSelectionRange(before, before + (lines[line - 1]?.length ?? 0))
      box.scrollTop = Math.max(0, (line - 6) * lineHeight)
    },
  }))
  return (
    <div className="pb-code">
      <div ref={gutter} className="pb-code-lines" aria-hidden="true">
        {lines.map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <span key={at} className={marked.includes(at + 1) ? 'marked' : undefined}>
            {at + 1}
          </span>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label={label}
        value={text}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}
