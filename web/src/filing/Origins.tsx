import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { moment } from '../shared/format'
import { nameIn, unitIn, useText } from '../shared/i18n'
import { Loaded } from '../shared/Panel'
import { calls } from './http'
import { address } from './queries'
import type { CellDiff, CellOrigin, FormItem, Provenance, Ref } from './types'
import { useShow } from './useShow'

/** The cell whose history is asked for: a record's key and a field. */
export interface OriginAt {
  key: string
  field: string
}

interface OriginsProps {
  of: Ref
  at: OriginAt | null
  items: FormItem[]
  onClose: () => void
}

/** Origins says of one cell who wrote it, when and how: typed, or from which file, sheet and cell; and what stood before. */
export function Origins({ of, at, items, onClose }: OriginsProps) {
  const { t, lang } = useText()
  const item = items.find(({ field }) => field === at?.field)
  const origins = useQuery({
    enabled: at !== null,
    queryKey: ['origins', address(of), at?.key],
    queryFn: ({ signal }) => calls.cells(of, at?.key ?? '', signal),
  })
  const name = item ? nameIn(lang, item.name, item.name_en) : (at?.field ?? '')
  return (
    <Drawer
      open={at !== null}
      onClose={onClose}
      title={t('fill.originOf', { name: at?.key ? `${at.key} · ${name}` : name })}
      size={440}
      destroyOnHidden
      classNames={{ wrapper: 'pb-drawer' }}
    >
      {at && item && (
        <Loaded query={origins} height={200}>
          {(data) => <Story data={data} item={item} />}
        </Loaded>
      )}
    </Drawer>
  )
}

function Story({ data, item }: { data: Provenance; item: FormItem }) {
  const { t, lang } = useText()
  const show = useShow()
  const origin = data.fields[item.field]
  const definition = nameIn(lang, item.definition, item.definition_en)
  const changes = (data.history ?? []).flatMap(({ version, at, who, way, changes }) =>
    (changes ?? [])
      .filter(({ field }) => field === item.field)
      .map(({ before, after }) => ({ version, at, who, way, before, after })),
  )
  changes.sort((one, other) => other.version - one.version)
  const written = (text: string) => show(item, text) || t('fill.emptyCell')
  return (
    <>
      {origin ? (
        <dl className="pb-facts">
          <Fact name={t('fill.value')} text={`${written(origin.value)} ${unitIn(item.unit_name)}`} />
          <Fact name={t('fill.who')} text={origin.who} />
          <Fact name={t('batch.at')} text={moment(origin.at, lang)} />
          <Fact name={t('fill.how')} text={<HowText origin={origin} />} />
        </dl>
      ) : (
        <p className="pb-soft">{t('fill.neverFilled')}</p>
      )}
      {definition && <p className="pb-define">{definition}</p>}
      {changes.length > 0 && (
        <>
          <h3 className="pb-drawer-head">{t('fill.changes')}</h3>
          <ul className="pb-happened">
            {changes.map(({ version, at, who, way, before, after }) => (
              <li key={version}>
                <span className="pb-before">{written(before)}</span> → <b>{written(after)}</b>
                <br />
                <small>
                  {who} · {moment(at, lang)} · {t(`filingWay.${way}`, way)}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function Fact({ name, text }: { name: string; text: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  )
}

/** HowText says how a cell came: typed, or from which cell of which file. */
export function HowText({
  origin,
}: {
  origin: Pick<CellOrigin | CellDiff, 'way' | 'file' | 'sheet' | 'cell'>
}) {
  const { t } = useText()
  const place = [origin.file, origin.sheet, origin.cell].filter(Boolean).join(' · ')
  const way = t(`filingWay.${origin.way}`, origin.way)
  return <>{place ? `${way}${t('app.semicolon')}${place}` : way}</>
}
