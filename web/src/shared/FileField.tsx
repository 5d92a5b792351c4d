import { useRef, useState } from 'react'
import { useText } from './i18n'
import './file.css'

interface FileFieldProps {
  /** Endings of the names that the chooser offers: ".csv,.xlsx". */
  accept: string
  /** What stands beside the button: the name of the chosen file, or what is being done with it. */
  status?: string
  busy?: boolean
  label?: string
  onChoose: (file: File) => void
}

/** FileField takes one file, chosen or dropped. The same file again is a new choice. */
export function FileField({ accept, status, busy, label, onChoose }: FileFieldProps) {
  const { t } = useText()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <label
      className={`pb-drop ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (file && !busy) onChoose(file)
      }}
    >
      <input
        ref={input}
        className="pb-hidden"
        type="file"
        accept={accept}
        disabled={busy}
        onClick={() => {
          if (input.current) input.current.value = ''
        }}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) onChoose(file)
        }}
      />
      <span className="pb-choose">{label ?? t('imports.choose')}</span>
      <span>{t('imports.drop')}</span>
      <strong role="status">{status}</strong>
    </label>
  )
}
