// The few line drawings that the application needs, drawn here so that no icon font is loaded. Always beside a word.
const paths = {
  empty: 'M4 13h4l1.5 3h5L16 13h4M5 5h14l2 8v6H3v-6z',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2',
  broken: 'M12 3 2.5 20h19zM12 10v4.5M12 17.2v.1',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  check: 'M5 12.5 10 17.5 19.5 7',
  cross: 'M6 6l12 12M18 6 6 18',
  near: 'M4 9.5c3-3 5-3 8 0s5 3 8 0M4 15.5c3-3 5-3 8 0s5 3 8 0',
  clash: 'M8 7H3m5 0-3-3m3 3-3 3M16 17h5m-5 0 3-3m-3 3 3 3M9 17l6-10',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9L3.5 9.7l5.9-.8z',
  home: 'M4 11.5 12 4l8 7.5V20h-5.5v-5.5h-5V20H4z',
  park: 'M3 20V10l5-3.5V10l5-3.5V10l5-3.5V20zM3 20h18',
  enterprise: 'M5 21V4h9v17M14 9h5v12M8 8h3M8 12h3M8 16h3M3 21h18',
  tenancy: 'M4 4h7v7H4zM13 13h7v7h-7zM13 7.5h6m0 0-2.5-2.5M19 7.5 16.5 10M11 16.5H5',
  project: 'M4 6h10M4 12h16M4 18h7M17 4v4M8 10v4M14 16v4',
  imports: 'M12 4v11M7.5 10.5 12 15l4.5-4.5M4 19.5h16',
  admin: 'M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6zM9 12l2 2 4-4',
  fill: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4M12 20h8',
  form: 'M5 3.5h14v17H5zM8.5 8h7M8.5 12h7M8.5 16h4',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20.5 20.5',
  fold: 'M4 5h16v14H4zM9.5 5v14M15.5 9.5 13 12l2.5 2.5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  language:
    'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.5 12h17M12 3.5c-5 5-5 12 0 17M12 3.5c5 5 5 12 0 17',
  close: 'M6 6l12 12M18 6 6 18',
} as const

export type GlyphName = keyof typeof paths

export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg
      className="pb-glyph"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 3 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
