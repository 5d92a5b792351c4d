import { day } from '../shared/format'
import { useText } from '../shared/i18n'
import { useSetSearch } from '../shell/scope'
import { VerdictTag } from './parts'
import type { Board } from './types'
import { openWindows, tilesOf } from './view'

/** Tiles tells the next window and how many enterprises have which verdict; a tile limits the list to its own. */
export function Tiles({ board, chosen }: { board: Board; chosen: string | undefined }) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  const next = openWindows(board.windows)[0]
  return (
    <ul className="pb-ready-tiles">
      <li className="pb-ready-next">
        {next ? (
          <>
            <b>{t('ready.daysLeft', { count: next.days_left ?? 0 })}</b>
            <span>
              {t('ready.nextWindow', { day: day(next.closes, lang), month: day(next.batch, lang) })}
            </span>
          </>
        ) : (
          <span>{t('ready.noWindow')}</span>
        )}
      </li>
      <li className="pb-ready-next">
        <b>{board.summary.entered}</b>
        <span>{t('ready.entered')}</span>
      </li>
      {tilesOf(board.summary).map(({ verdict, count }) => (
        <li key={verdict}>
          <button
            type="button"
            aria-pressed={chosen === verdict}
            onClick={() => setSearch({ verdict: chosen === verdict ? undefined : verdict })}
          >
            <b>{count}</b>
            <VerdictTag verdict={verdict} />
          </button>
        </li>
      ))}
    </ul>
  )
}
