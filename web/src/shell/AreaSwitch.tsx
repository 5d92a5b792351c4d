import { useLocation, useNavigate } from '@tanstack/react-router'
import { TreeSelect } from 'antd'
import { useMemo, useState } from 'react'
import type { Lang } from '../shared/format'
import { nameIn, useText } from '../shared/i18n'
import { useParks } from '../shared/parks'
import type { Org, Park } from '../shared/types'
import { useOrgs, useScope, useSetSearch } from './scope'

interface Node {
  value: string
  title: string
  children: Node[]
}

const parkMark = 'park:'

/** areaTree hangs the units under each other and every park under its unit. */
export function areaTree(orgs: Org[], parks: Pick<Park, 'id' | 'name' | 'org'>[], lang: Lang): Node[] {
  const nodes = new Map<string, Node>()
  for (const org of orgs)
    nodes.set(org.id, { value: org.id, title: nameIn(lang, org.name, org.name_en), children: [] })
  const roots: Node[] = []
  for (const org of [...orgs].sort((a, b) => a.sort - b.sort)) {
    const node = nodes.get(org.id)
    if (!node) continue
    const parent = org.parent ? nodes.get(org.parent) : undefined
    if (parent) parent.children.push(node)
    else roots.push(node)
  }
  for (const park of parks)
    nodes.get(park.org)?.children.push({ value: parkMark + park.id, title: park.name, children: [] })
  return roots
}

/** AreaSwitch limits the screen to a unit or to one park. */
export function AreaSwitch() {
  const { t, lang } = useText()
  const { org, park } = useScope()
  const [opened, setOpened] = useState(false)
  const orgs = useOrgs()
  const parks = useParks(undefined, opened || park !== undefined)
  const setSearch = useSetSearch()
  const navigate = useNavigate()
  const inParks = useLocation().pathname.startsWith('/parks')
  const tree = useMemo(() => areaTree(orgs.data ?? [], parks.data ?? [], lang), [orgs.data, parks.data, lang])

  function choose(value: string) {
    if (!value.startsWith(parkMark)) {
      if (inParks) navigate({ to: '/parks', search: (old) => ({ ...old, org: value, park: undefined }) })
      else setSearch({ org: value, park: undefined, rows: undefined })
      return
    }
    const id = value.slice(parkMark.length)
    const home = parks.data?.find((item) => item.id === id)?.org
    if (inParks) navigate({ to: '/parks/$id', params: { id } })
    else setSearch({ org: home ?? org, park: id, rows: undefined })
  }

  if (orgs.data?.length === 0) return null // one's own enterprise is the only place
  const known = orgs.data !== undefined && (park === undefined || parks.data !== undefined)
  return (
    <TreeSelect
      aria-label={t('area.label')}
      className="pb-area"
      value={known ? (park ? parkMark + park : org) : undefined}
      placeholder={t('state.loading')}
      treeData={tree}
      treeNodeFilterProp="title"
      treeDefaultExpandedKeys={tree.map((node) => node.value)}
      showSearch
      popupMatchSelectWidth={320}
      listHeight={420}
      onOpenChange={(open) => open && setOpened(true)}
      onChange={choose}
      notFoundContent={t('state.empty')}
    />
  )
}
