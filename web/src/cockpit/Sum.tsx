import { exact, quantity } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import type { Reading, ReadingPart } from '../shared/types'
import { Verdict } from '../shared/Verdict'
import { agrees } from './headline'
import { type Drill, useSum } from './rows'

interface SumProps {
  drill: Drill
  reading: Reading
  /** The word for a countable unit. */
  word: string
}

/** Sum says how many rows there are, what they add up to, and whether that is the number on the screen. */
export function Sum({ drill, reading, word }: SumProps) {
  const { t, lang } = useText()
  const rows = useSum(drill)
  if (!rows.data) {
    return (
      <p className="pb-sum" role="status">
        {rows.isError ? t('state.failed') : t('state.loading')}
      </p>
    )
  }
  const { count, sum, unit } = rows.data
  const shown = shownValue(drill, reading)
  const write = (value: number | null | undefined) => (value == null ? '—' : exact(value, unit, lang, word))
  return (
    <p className="pb-sum" role="status">
      {t(drill.part === 'numerator' ? 'rows.share' : 'rows.count', { count, sum: write(sum) })}{' '}
      {shown !== undefined && (
        <Verdict judgement={agrees(shown, sum) ? 'good' : 'bad'}>
          {t(agrees(shown, sum) ? 'rows.equal' : 'rows.unequal', { value: write(shown) })}
        </Verdict>
      )}
      {drill.part && drill.cell === 'total' && <Division reading={reading} />}
    </p>
  )
}

/** shownValue is the number that the rows must add up to; undefined where the screen shows none for them. */
function shownValue({ cell, part }: Drill, reading: Reading): number | null | undefined {
  if (part === 'denominator') return cell === 'total' ? reading.denominator?.value : undefined
  if (cell === 'total') return reading.value
  return reading.groups?.find(({ key }) => key === cell.group)?.value
}

/** Division writes a ratio as what it is: one named quantity divided by another. */
function Division({ reading }: { reading: Reading }) {
  const { t, lang } = useText()
  const { numerator, denominator, value } = reading
  if (!numerator || !denominator) return null
  const named = (part: ReadingPart) =>
    `${nameIn(lang, part.name, part.name_en)} ${quantity(part.value, part.unit, lang)}`
  return (
    <>
      <br />
      {t('rows.ratio', {
        numerator: named(numerator),
        denominator: named(denominator),
        value: quantity(value, 'ratio', lang),
      })}
    </>
  )
}
