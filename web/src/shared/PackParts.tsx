import { Select, Tabs } from 'antd'
import { type ReactNode, Suspense } from 'react'
import { DataTable } from './DataTable'
import { day, moment } from './format'
import { useText } from './i18n'
import { Panel } from './Panel'
import { Loading } from './states'
import { useNarrow } from './useNarrow'

interface Part {
  key: string
  label: string
  children: ReactNode
}

interface PackPartsProps {
  /** The first is shown where none is named. */
  parts: Part[]
  open: string | undefined
  /** Gets undefined for the first. */
  onOpen: (key: string | undefined) => void
}

/** PackParts shows one part of a pack's page at a time: by tabs, or by a list where the screen is narrow. */
export function PackParts({ parts, open, onOpen }: PackPartsProps) {
  const { t } = useText()
  const narrow = useNarrow()
  const shown = parts.find(({ key }) => key === open) ?? parts[0]
  const choose = (key: string) => onOpen(key === parts[0]?.key ? undefined : key)
  if (narrow)
    return (
      <div className="pb-column">
        <Select
          aria-label={t('pack.part')}
          value={shown?.key}
          onChange={choose}
          options={parts.map(({ key, label }) => ({ value: key, label }))}
        />
        {shown && <Later>{shown.children}</Later>}
      </div>
    )
  return (
    <Tabs
      activeKey={shown?.key}
      onChange={choose}
      items={parts.map(({ children, ...part }) => ({ ...part, children: <Later>{children}</Later> }))}
    />
  )
}

/** Later holds the place of an editor that is still being loaded. */
function Later({ children }: { children: ReactNode }) {
  return <Suspense fallback={<Loading height={400} />}>{children}</Suspense>
}

interface PackVersion {
  /** 0: as shipped. */
  version: number
  from: string
  number?: string
  reason: string
  actor: string
  at: string
}

interface PackVersionsProps {
  note: string
  versions: PackVersion[]
  /** What the first day of a version is called. */
  from: string
  /** What the issuer's number is called; without it there is no such column. */
  number?: string
}

/** PackVersions lists the versions of a pack, with who made them and why. */
export function PackVersions({ note, versions, from, number }: PackVersionsProps) {
  const { t, lang } = useText()
  return (
    <Panel title={t('pack.versions')} note={note}>
      <DataTable
        caption={t('pack.versions')}
        items={versions}
        rowKey={({ version, from, number }) => `${version}/${from}/${number}`}
        columns={[
          {
            key: 'version',
            title: t('pack.version'),
            heading: true,
            render: ({ version }) => (version === 0 ? t('pack.shipped') : String(version)),
          },
          { key: 'from', title: from, nowrap: true, render: ({ from }) => day(from, lang) },
          ...(number
            ? [{ key: 'number', title: number, render: ({ number }: PackVersion) => number || '—' }]
            : []),
          { key: 'reason', title: t('choose.reason'), render: ({ reason }) => reason || '—' },
          { key: 'actor', title: t('batch.actor'), render: ({ actor }) => actor || '—' },
          {
            key: 'at',
            title: t('batch.at'),
            nowrap: true,
            render: ({ version, at }) => (version === 0 ? '—' : moment(at, lang)),
          },
        ]}
      />
    </Panel>
  )
}
