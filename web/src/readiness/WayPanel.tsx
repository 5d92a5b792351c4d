import { day } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { Due, inLang } from './parts'
import type { Detail } from './types'

/** WayPanel puts what is in the way beside what to do about it, the earliest day first as the server gives it. */
export function WayPanel({ detail }: { detail: Detail }) {
  const { t, lang } = useText()
  const blocks = detail.blocks ?? []
  const tasks = detail.tasks ?? []
  return (
    <div className="pb-split">
      <Panel title={t('ready.tasks')} note={t('ready.tasksNote')}>
        {tasks.length === 0 ? (
          <Empty title={t('ready.noTasks')} />
        ) : (
          <ol className="pb-ready-list">
            {tasks.map(({ text, text_en, due, late }) => (
              <li key={text + due}>
                <Glyph name={late ? 'broken' : 'fill'} />
                <span>
                  {inLang(lang, text, text_en)}
                  <Due due={due} late={late} />
                </span>
              </li>
            ))}
          </ol>
        )}
      </Panel>
      <Panel title={t('ready.blocks', { count: blocks.length })}>
        {blocks.length === 0 ? (
          <Empty title={t('ready.noBlocks')} />
        ) : (
          <ul className="pb-ready-list">
            {blocks.map(({ key, text, text_en, due, done, late }) => (
              <li key={key + text}>
                <Glyph name={late ? 'broken' : 'near'} />
                <span>
                  {inLang(lang, text, text_en)}
                  <span className="pb-ready-due">
                    {due && t('ready.begin', { day: day(due, lang) })}{' '}
                    {done ? t('ready.doneOn', { day: day(done, lang) }) : t('ready.notInSight')}
                    {late && <b>{t('ready.afterWindow')}</b>}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </div>
  )
}
