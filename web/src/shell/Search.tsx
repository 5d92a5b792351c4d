import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useState } from 'react'
import { api, ask } from '../shared/api'
import { Glyph, type GlyphName } from '../shared/Glyph'
import { useText } from '../shared/i18n'
import { Failure } from '../shared/states'
import type { Hit } from '../shared/types'

const glyphs: Record<string, GlyphName> = {
  park: 'park',
  enterprise: 'enterprise',
  project: 'project',
  org: 'home',
}

/** Search finds parks, enterprises, projects and units by name; Ctrl K opens it anywhere. */
export function Search() {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    function listen(event: globalThis.KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen((was) => !was)
    }
    globalThis.addEventListener('keydown', listen)
    return () => globalThis.removeEventListener('keydown', listen)
  }, [])
  return (
    <>
      <Button
        className="pb-search-button"
        icon={<Glyph name="search" />}
        onClick={() => setOpen(true)}
        aria-label={t('search.title')}
        aria-keyshortcuts="Control+K"
      >
        <span className="pb-wide">
          {t('search.title')} <kbd>Ctrl K</kbd>
        </span>
      </Button>
      <Modal
        open={open}
        onCancel={() => setOpen(false)}
        footer={null}
        title={t('search.title')}
        destroyOnHidden
        width={620}
        style={{ top: 64 }}
      >
        <Palette onDone={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function useHits(text: string) {
  return useQuery({
    queryKey: ['search', text],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/v1/search', { params: { query: { q: text } }, signal }))).items ?? [],
    enabled: text.length > 0,
    placeholderData: keepPreviousData,
  })
}

function useOpenHit() {
  const navigate = useNavigate()
  return (hit: Hit) => {
    if (hit.kind === 'park') return navigate({ to: '/parks/$id', params: { id: hit.id } })
    if (hit.kind === 'enterprise') return navigate({ to: '/enterprises/$id', params: { id: hit.id } })
    return navigate({ to: '/', search: (old) => ({ ...old, org: hit.id, park: undefined }) })
  }
}

function Palette({ onDone }: { onDone: () => void }) {
  const { t } = useText()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const asked = useDeferredValue(text.trim())
  const hits = useHits(asked)
  const items = asked ? (hits.data ?? []) : []
  const openHit = useOpenHit()
  const id = useId()

  function go(hit: Hit | undefined) {
    if (!hit) return
    onDone()
    openHit(hit)
  }

  function steer(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') return go(items[at])
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || items.length === 0) return
    event.preventDefault()
    setAt((at + step + items.length) % items.length)
  }

  return (
    <div className="pb-palette">
      <input
        // biome-ignore lint/a11y/noAutofocus: the dialog exists to type into this field
        autoFocus
        type="search"
        role="combobox"
        aria-label={t('search.hint')}
        aria-expanded={items.length > 0}
        aria-controls={id}
        aria-activedescendant={items[at] ? `${id}-${at}` : undefined}
        placeholder={t('search.hint')}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={steer}
      />
      {hits.isError && <Failure error={hits.error} onRetry={() => hits.refetch()} />}
      <div id={id} role="listbox" aria-label={t('search.results')}>
        {items.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox handles the keys of its options
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox
          <div
            key={hit.kind + hit.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => go(hit)}
            onMouseMove={() => setAt(index)}
          >
            <Glyph name={glyphs[hit.kind] ?? 'search'} />
            <span>{hit.name}</span>
            <small>
              {t(`kind.${hit.kind}`)}
              {hit.detail ? ` · ${hit.detail}` : ''}
            </small>
          </div>
        ))}
      </div>
      <p className="pb-soft" role="status">
        {asked && !hits.isFetching
          ? items.length === 0
            ? t('search.nothing')
            : t('search.found', { count: items.length })
          : t('search.keys')}
      </p>
    </div>
  )
}
