import { useSearch } from '@tanstack/react-router'
import { Checkbox, Input, Select } from 'antd'
import { nameIn, useText } from '../shared/i18n'
import { useSetSearch } from '../shell/scope'
import { useOfficers, useStages } from './queries'
import { type Filter, type Lifecycle, lights } from './types'

interface FiltersProps {
  lifecycles: Lifecycle[]
  filter: Filter
  /** Whether the view can be limited to one stage. */
  stages: boolean
  /** Only the lifecycle, for comparisons. */
  bare?: boolean
}

/** Filters limit every view of the pipeline; they live in the address. */
export function Filters({ lifecycles, filter, stages, bare }: FiltersProps) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  return (
    <div className="pb-filters pb-pipe-filters">
      <Select
        aria-label={t('pipeline.lifecycle')}
        value={filter.lifecycle}
        onChange={(code) =>
          setSearch({
            lifecycle: code,
            kind: lifecycles.find((known) => known.code === code)?.of,
            stage: undefined,
          })
        }
        options={lifecycles.map(({ code, name, name_en }) => ({
          value: code,
          label: nameIn(lang, name, name_en),
        }))}
        style={{ width: 170 }}
      />
      {!bare && <Narrowing filter={filter} stages={stages} />}
    </div>
  )
}

function Narrowing({ filter, stages }: { filter: Filter; stages: boolean }) {
  const { t } = useText()
  const { officer, light, q, late } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const officers = useOfficers()
  return (
    <>
      {stages && <StageSelect filter={filter} />}
      {(officers.data?.length ?? 0) > 0 && (
        <Select
          aria-label={t('pipeline.officer')}
          value={officer ?? ''}
          onChange={(next) => setSearch({ officer: next || undefined })}
          showSearch={{ optionFilterProp: 'label' }}
          options={[
            { value: '', label: t('pipeline.allOfficers') },
            ...(officers.data ?? []).map(({ username, name }) => ({
              value: username,
              label: name && name !== username ? `${name}（${username}）` : username,
            })),
          ]}
          style={{ width: 150 }}
        />
      )}
      <Select
        aria-label={t('pipeline.light')}
        value={light ?? ''}
        onChange={(next) => setSearch({ light: next || undefined })}
        options={[
          { value: '', label: t('pipeline.allLights') },
          ...lights.map((value) => ({ value, label: t(`pipelineLight.${value}`) })),
        ]}
        style={{ width: 120 }}
      />
      <Input.Search
        aria-label={t('pipeline.search')}
        placeholder={t('pipeline.search')}
        defaultValue={q}
        key={q}
        onSearch={(text) => setSearch({ q: text.trim() || undefined })}
        style={{ width: 220 }}
      />
      <Checkbox
        checked={late === '1'}
        onChange={({ target }) => setSearch({ late: target.checked ? '1' : undefined })}
      >
        {t('pipeline.onlyLate')}
      </Checkbox>
    </>
  )
}

function StageSelect({ filter }: { filter: Filter }) {
  const { t, lang } = useText()
  const setSearch = useSetSearch()
  const stages = useStages(filter.lifecycle)
  return (
    <Select
      aria-label={t('tenancy.stage')}
      value={filter.stage ?? ''}
      onChange={(next) => setSearch({ stage: next || undefined, reached: undefined, month: undefined })}
      options={[
        { value: '', label: t('tenancy.allStages') },
        ...(stages.data ?? []).map(({ code, name, name_en }) => ({
          value: code,
          label: nameIn(lang, name, name_en),
        })),
      ]}
      style={{ width: 140 }}
    />
  )
}
