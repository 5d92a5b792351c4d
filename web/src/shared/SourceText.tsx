import './table.css'

/** SourceText shows where a figure comes from; an address becomes its host, with the whole of it on hover. */
export function SourceText({ text }: { text: string }) {
  const host = /^https?:\/\/([^/\s]+)/.exec(text)?.[1]
  if (!text) return <>—</>
  return (
    <span className="pb-source-text" title={text}>
      {host ?? text}
    </span>
  )
}
