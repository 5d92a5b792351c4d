import { useSearch } from '@tanstack/react-router'
import { Drawer, Segmented } from 'antd'
import { periodName } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { Failure, Loading } from '../shared/states'
import type { Indicator, Reading } from '../shared/types'
import { useSetSearch } from '../shell/scope'
import { useReading } from './queries'
import { RowList } from './RowList'
import type { Part } from './rows'
import { Sum } from './Sum'
import { type Cell, cutOf, indicatorName, unitWord, type View } from './view'

/** RowsDrawer lists the rows behind one number and says whether they add up to it. */
export function RowsDrawer({ indicator, view }: { indicator: Indicator; view: View }) {
  const { t } = useText()
  const { cell } = view
  return (
    <Drawer
      open={cell !== null}
      onClose={view.close}
      size={920}
      destroyOnHidden
      classNames={{ wrapper: 'pb-drawer' }}
      title={t('rows.title')}
    >
      {cell && <Content indicator={indicator} view={view} cell={cell} />}
    </Drawer>
  )
}

interface ContentProps {
  indicator: Indicator
  view: View
  cell: Cell
}

function Content({ indicator, view, cell }: ContentProps) {
  const { t, lang } = useText()
  const part = usePart(indicator)
  const setSearch = useSetSearch()
  const cut = cutOf(view, indicator.code, cell === 'total' ? undefined : cell.by)
  const reading = useReading(cut)
  if (reading.isPending) return <Loading height={420} />
  if (!reading.data) return <Failure error={reading.error} onRetry={reading.refetch} />
  const drill = { cut, cell, part }
  const word = indicator.unit === 'count' ? unitWord(indicator, lang) : ''
  return (
    <div className="pb-rows">
      <Heading indicator={indicator} reading={reading.data} cell={cell} period={cut.period} />
      <Sum drill={drill} reading={reading.data} word={word} />
      {part && (
        <Segmented<Part>
          aria-label={t('rows.part')}
          value={part}
          onChange={(next) => setSearch({ part: next }, true)}
          options={(['numerator', 'denominator'] as const).map((value) => {
            const named = indicator[value]
            const name = named ? nameIn(lang, named.name, named.name_en) : ''
            return { value, label: t(`rows.${value}`, { name }) }
          })}
        />
      )}
      <RowList drill={drill} word={word} />
    </div>
  )
}

/** usePart gives the side of a ratio whose rows are shown; nothing else has sides. */
function usePart(indicator: Indicator): Part | undefined {
  const { part } = useSearch({ strict: false })
  if (indicator.measure !== 'ratio') return undefined
  return part === 'denominator' ? 'denominator' : 'numerator'
}

interface HeadingProps {
  indicator: Indicator
  reading: Reading
  cell: Cell
  period: string
}

function Heading({ indicator, reading, cell, period }: HeadingProps) {
  const { t, lang } = useText()
  const group = cell === 'total' ? undefined : reading.groups?.find(({ key }) => key === cell.group)
  const month = cell !== 'total' && cell.by === 'month'
  const where = group && !month ? nameIn(lang, group.name, group.name_en) || t('by.unknown') : undefined
  return (
    <h2>
      {indicatorName(indicator, lang)}
      <small>
        {[where, periodName(month && group ? group.key : period, lang)].filter(Boolean).join(' · ')}
      </small>
    </h2>
  )
}
