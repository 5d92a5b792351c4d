import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { api, ask } from '../shared/api'
import { Glyph } from '../shared/Glyph'
import { nameIn, useText } from '../shared/i18n'
import { ParkLink } from '../shared/links'
import { lineage, useOrgs } from '../shell/scope'
import type { View } from './view'

/** Trail is the way back up: city, county, park; and the industry that limits the screen. */
export function Trail({ view }: { view: View }) {
  const { t, lang } = useText()
  const orgs = useOrgs()
  const { org, park, industry } = view.place
  const named = useQuery({
    queryKey: ['park', park],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/parks/{id}', { params: { path: { id: park ?? '' } }, signal })),
    enabled: park !== undefined,
  })
  const line = lineage(orgs.data ?? [], org)
  return (
    <nav className="pb-trail" aria-label={t('trail.label')}>
      <ol>
        {line.map((unit, index) => {
          const here = index === line.length - 1 && !park
          const name = nameIn(lang, unit.name, unit.name_en)
          return (
            <li key={unit.id}>
              {here ? (
                <span aria-current="location">{name}</span>
              ) : (
                <button
                  type="button"
                  className="pb-cell"
                  onClick={() => view.narrow({ org: unit.id, park: undefined })}
                >
                  {name}
                </button>
              )}
            </li>
          )
        })}
        {park && (
          <li>
            <span aria-current="location">
              {named.data ? <ParkLink id={park} name={named.data.name} /> : '…'}
            </span>
          </li>
        )}
      </ol>
      {industry && (
        <Button
          size="small"
          icon={<Glyph name="close" />}
          iconPlacement="end"
          onClick={() => view.narrow({ industry: undefined })}
        >
          {t('trail.industry', { code: industry })}
        </Button>
      )}
    </nav>
  )
}
