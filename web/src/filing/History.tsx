import { moment } from '../shared/format'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import type { Filing } from './types'

/** History lists what was done with a filing, by whom, when and why; the latest first. */
export function History({ filing }: { filing: Filing }) {
  const { t, lang } = useText()
  const events = [...(filing.events ?? [])].sort((one, other) => other.at.localeCompare(one.at))
  return (
    <Panel title={t('fill.history')}>
      {events.length === 0 ? (
        <p className="pb-soft">{t('fill.noHistory')}</p>
      ) : (
        <ul className="pb-happened">
          {events.map((event) => (
            <li key={`${event.at}/${event.action}/${event.level}`}>
              <b>{t(`deed.${event.action}`, event.action)}</b> {event.actor}
              {event.reason && `${t('fill.colon')}${event.reason}`}
              <br />
              <small>{moment(event.at, lang)}</small>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
