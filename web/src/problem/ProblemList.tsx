import { useSearch } from '@tanstack/react-router'
import { Button, Checkbox, Input, Select } from 'antd'
import { useMe } from '../session/session'
import type { Column } from '../shared/DataTable'
import { moment } from '../shared/format'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { PageTable } from '../shared/PageTable'
import { Panel } from '../shared/Panel'
import { useScope, useSetSearch } from '../shell/scope'
import { DueText, LevelText, OwnerText, StateTag, SubjectLink } from './parts'
import { useList, useOwners } from './queries'
import { type Problem, problemStates, subjectKinds } from './types'

/** ProblemList lists problems of a place, open and soonest due first. */
export function ProblemList() {
  const { t } = useText()
  const { org } = useScope()
  const { state, owner, kind, late, q, review } = useSearch({ strict: false })
  const list = useList({ org, state, owner, kind, q, review, late: late === '1' ? 'true' : undefined })
  const columns = useColumns()
  return (
    <Panel title={t('problem.list')} note={t('problem.order')} extra={<Filters />}>
      <PageTable
        caption={t('problem.list')}
        query={list}
        columns={columns}
        rowKey={({ id }) => id}
        emptyText={t('problem.none')}
        emptyDetail={t('park.noneWhy')}
      />
    </Panel>
  )
}

function useColumns(): Column<Problem>[] {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  return [
    {
      key: 'title',
      title: t('problem.problem'),
      heading: true,
      width: '26%',
      render: ({ id, title }) => (
        <button type="button" className="pb-cell pb-prob-title" onClick={() => setSearch({ open: id })}>
          {title}
        </button>
      ),
    },
    {
      key: 'subject',
      title: t('problem.subject'),
      width: '22%',
      render: (problem) => (
        <>
          <SubjectLink kind={problem.kind} id={problem.subject} name={problem.subject_name} />
          <div className="pb-soft">
            {t(`problemKind.${problem.kind}`)} · {nameIn(lang, problem.org_name, problem.org_name_en)}
          </div>
        </>
      ),
    },
    {
      key: 'state',
      title: t('problem.state'),
      nowrap: true,
      render: ({ state }) => <StateTag state={state} />,
    },
    { key: 'owner', title: t('problem.owner'), render: (problem) => <OwnerText of={problem} /> },
    { key: 'due', title: t('problem.due'), render: (problem) => <DueText of={problem} /> },
    { key: 'level', title: t('problem.level'), render: (problem) => <LevelText of={problem} /> },
    {
      key: 'changed',
      title: t('problem.changed'),
      wideOnly: true,
      render: ({ changed_at, changed_by }) => (
        <>
          {moment(changed_at, lang)}
          <div className="pb-soft">{changed_by}</div>
        </>
      ),
    },
  ]
}

function Filters() {
  const { t } = useText()
  const { state, owner, kind, late, q, review } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const me = useMe()
  const owners = useOwners()
  const others = (owners.data ?? []).filter(({ username }) => username !== me.username)
  return (
    <div className="pb-filters">
      {review && (
        <Button icon={<Glyph name="close" />} onClick={() => setSearch({ review: undefined })}>
          {t('problem.ofReview')}
        </Button>
      )}
      <Select
        aria-label={t('problem.state')}
        value={state ?? ''}
        onChange={(next) => setSearch({ state: next || undefined })}
        options={[
          { value: '', label: t('problem.allStates') },
          ...problemStates.map((value) => ({ value, label: t(`trackProblemState.${value}`) })),
        ]}
        style={{ width: 120 }}
      />
      <Select
        aria-label={t('problem.kind')}
        value={kind ?? ''}
        onChange={(next) => setSearch({ kind: next || undefined })}
        options={[
          { value: '', label: t('problem.allKinds') },
          ...subjectKinds.map((value) => ({ value, label: t(`problemKind.${value}`) })),
        ]}
        style={{ width: 120 }}
      />
      <Select
        aria-label={t('problem.owner')}
        value={owner ?? ''}
        onChange={(next) => setSearch({ owner: next || undefined })}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          { value: '', label: t('problem.allOwners') },
          { value: me.username, label: t('problem.mine') },
          ...others.map(({ username, name }) => ({ value: username, label: name || username })),
        ]}
        style={{ width: 150 }}
      />
      <Input.Search
        aria-label={t('problem.search')}
        placeholder={t('problem.search')}
        defaultValue={q}
        key={q}
        onSearch={(text) => setSearch({ q: text.trim() || undefined })}
        style={{ width: 200 }}
      />
      <Checkbox
        checked={late === '1'}
        onChange={({ target }) => setSearch({ late: target.checked ? '1' : undefined })}
      >
        {t('problem.onlyLate')}
      </Checkbox>
    </div>
  )
}
