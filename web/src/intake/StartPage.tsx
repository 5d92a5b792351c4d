import { Link } from '@tanstack/react-router'
import { Batches } from '../imports/Batches'
import { can } from '../session/can'
import { useMe } from '../session/session'
import { useText } from '../shared/i18n'
import { PageHead } from '../shared/PageHead'
import { PastIntakes } from './PastIntakes'
import { StartPanel } from './StartPanel'
import { Steps } from './Steps'
import './intake.css'

/** StartPage begins an import (导入): a workbook of any office for a form, or the park list; and lists what was imported before. */
export function StartPage() {
  const { t } = useText()
  const me = useMe()
  const parks = can(me, 'park.import')
  return (
    <div className="pb-page pb-intake">
      <PageHead title={t('page.imports')} note={t('intake.note')}>
        {parks && <Link to="/imports/parks">{t('intake.parkList')}</Link>}
      </PageHead>
      {can(me, 'filing.import') && (
        <>
          <Steps now="upload" />
          <StartPanel />
          <PastIntakes />
        </>
      )}
      {parks && <Batches />}
    </div>
  )
}
