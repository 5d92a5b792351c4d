import { Alert, Button, Checkbox, Select } from 'antd'
import { useEffect, useState } from 'react'
import { Refusal } from '../shared/FormDrawer'
import { nameIn, useText } from '../shared/i18n'
import { Panel } from '../shared/Panel'
import { Empty } from '../shared/states'
import { useSetSearch } from '../shell/scope'
import { ColumnTable } from './ColumnTable'
import { deeds, type MappingSent, useDeed } from './intakes'
import { LayoutPanel } from './LayoutPanel'
import { complete, lacksSubject, layoutOf, missing, proposal, tidy, unitless } from './mapping'
import { Labelled } from './StartPanel'
import type { Intake, Layout, Mapping } from './types'

/** MapStep shows how the file is read and lets the user correct it before anything is checked. */
export function MapStep({ intake }: { intake: Intake }) {
  const { t } = useText()
  const layout = layoutOf(intake, intake.mapping)
  const again = useDeed(intake.id, (found: MappingSent['layout']) =>
    deeds.map(intake.id, { version: intake.version, mapping: null, layout: found, save: false }),
  )
  return (
    <>
      <LayoutPanel
        intake={intake}
        layout={layout}
        busy={again.isPending}
        error={again.error}
        onRead={(found) => again.mutate(found)}
      />
      {layout ? (
        <Columns key={`${layout.sheet}:${layout.first}-${layout.last}`} intake={intake} layout={layout} />
      ) : (
        <Panel title={t('intake.columns')}>
          <Empty title={t('intake.noTable')} detail={t('intake.noTableWhy')} />
        </Panel>
      )}
    </>
  )
}

const kept = (intake: Intake) => `parkbrain.intake.${intake.id}.${intake.version}`

/** useDraft keeps the corrections on this computer until the server has them, so that a lost page loses none. */
function useDraft(intake: Intake, layout: Layout): [Mapping, (mapping: Mapping) => void] {
  const [draft, setDraft] = useState<Mapping>(() => {
    const text = sessionStorage.getItem(kept(intake))
    if (text) return JSON.parse(text) as Mapping
    const { mapping, suggestions, fields } = intake
    const given = mapping
      ? { ...mapping, columns: mapping.columns ?? [] }
      : proposal(layout, suggestions ?? [], fields ?? [])
    return complete(given, layout)
  })
  return [
    draft,
    (next) => {
      sessionStorage.setItem(kept(intake), JSON.stringify(next))
      setDraft(next)
    },
  ]
}

function Columns({ intake, layout }: { intake: Intake; layout: Layout }) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  const [draft, setDraft] = useDraft(intake, layout)
  const [save, setSave] = useState(true)
  const fields = intake.fields ?? []
  const check = useDeed(
    intake.id,
    (mapping: Mapping) => deeds.map(intake.id, { version: intake.version, mapping: tidy(mapping), save }),
    () => {
      sessionStorage.removeItem(kept(intake))
      setSearch({ step: undefined, column: undefined })
    },
  )
  const lacking = missing(draft, fields)
  const open = unitless(draft, fields)
  const nameless = lacksSubject(draft, fields)
  const used = draft.columns.filter(({ field }) => field).length
  useFocusedColumn()
  return (
    <>
      <Panel
        title={t('intake.columns')}
        note={t(intake.saved_mapping ? 'intake.columnsSaved' : 'intake.columnsNote')}
      >
        <ColumnTable
          layout={layout}
          mapping={draft}
          suggestions={intake.suggestions ?? []}
          fields={fields}
          onChange={setDraft}
        />
      </Panel>
      <Panel title={t('intake.wholeTable')}>
        <div className="pb-filters">
          <Labelled text={t('intake.order')}>
            <Select
              aria-label={t('intake.order')}
              value={draft.order ?? ''}
              onChange={(order) => setDraft({ ...draft, order: order || undefined })}
              options={['', 'dmy', 'mdy'].map((value) => ({
                value,
                label: t(value ? `intakeOrder.${value}` : 'intake.orderOpen'),
              }))}
              style={{ width: 220 }}
            />
          </Labelled>
          <Labelled text={t('intake.unknownAll')}>
            <Select
              mode="tags"
              aria-label={t('intake.unknownAll')}
              value={draft.unknown ?? []}
              onChange={(unknown) => setDraft({ ...draft, unknown })}
              placeholder={t('intake.unknownHint')}
              style={{ minWidth: 220 }}
              open={false}
              suffixIcon={null}
            />
          </Labelled>
          <Checkbox
            checked={draft.totals ?? false}
            onChange={({ target }) => setDraft({ ...draft, totals: target.checked || undefined })}
          >
            {t('intake.totals')}
          </Checkbox>
        </div>
        {lacking.length > 0 && (
          <Alert
            type="warning"
            showIcon
            title={t('intake.missing', {
              fields: lacking.map(({ name, name_en }) => nameIn(lang, name, name_en)).join(t('app.comma')),
            })}
          />
        )}
        {nameless.length > 0 && (
          <Alert
            type="warning"
            showIcon
            title={t('intake.nameless', {
              fields: nameless.map(({ name, name_en }) => nameIn(lang, name, name_en)).join(t('intake.or')),
            })}
          />
        )}
        {open.length > 0 && (
          <Alert
            type="info"
            showIcon
            title={t('intake.unitless', { columns: open.map(({ column }) => column).join(t('app.comma')) })}
          />
        )}
        {check.isError && <Refusal error={check.error} />}
        <div className="pb-commit">
          <Button
            type="primary"
            disabled={lacking.length > 0 || nameless.length > 0 || used === 0}
            loading={check.isPending}
            onClick={() => check.mutate(draft)}
          >
            {t(check.isError ? 'intake.checkAgain' : 'intake.check')}
          </Button>
          <Checkbox checked={save} onChange={({ target }) => setSave(target.checked)}>
            {t('intake.save')}
          </Checkbox>
          <span className="pb-soft">{t('intake.used', { used, count: layout.columns?.length ?? 0 })}</span>
        </div>
      </Panel>
    </>
  )
}

/** useFocusedColumn brings the column that the address names into view: a wrong cell leads here. */
function useFocusedColumn() {
  useEffect(() => {
    const letter = new URLSearchParams(globalThis.location.search).get('column')
    const row = letter && document.getElementById(`column-${letter}`)
    if (!row) return
    row.scrollIntoView({ block: 'center' })
    row.focus({ preventScroll: true })
  }, [])
}
