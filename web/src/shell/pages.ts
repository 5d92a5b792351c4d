import type { Deed } from '../session/can'
import type { GlyphName } from '../shared/Glyph'

export interface RailPage {
  to:
    | '/'
    | '/parks'
    | '/enterprises'
    | '/tenancies'
    | '/projects'
    | '/pipeline'
    | '/readiness'
    | '/problems'
    | '/quarter-reviews'
    | '/imports'
    | '/quality'
    | '/closings'
    | '/tasks'
    | '/reviews'
    | '/forms'
    | '/lifecycles'
    | '/users'
    | '/tokens'
    | '/audit'
  name: string
  glyph: GlyphName
  needs?: Deed
  /** Of no use to the people of an enterprise, who are told nothing on it. */
  offices?: true
}

/** The rail, in groups. A page that is not built is not shown. */
export const railGroups: { name: string; pages: RailPage[] }[] = [
  {
    name: 'rail.programme',
    pages: [
      { to: '/', name: 'page.cockpit', glyph: 'home', needs: 'business.read' },
      { to: '/parks', name: 'page.parks', glyph: 'park', needs: 'business.read' },
      { to: '/enterprises', name: 'page.enterprises', glyph: 'enterprise', needs: 'business.read' },
      { to: '/tenancies', name: 'page.tenancies', glyph: 'tenancy', needs: 'business.read' },
      { to: '/projects', name: 'page.projects', glyph: 'project', needs: 'business.read' },
      { to: '/pipeline', name: 'pipeline.title', glyph: 'project', needs: 'business.read' },
      { to: '/readiness', name: 'ready.title', glyph: 'check', needs: 'business.read' },
      { to: '/problems', name: 'problem.title', glyph: 'broken', needs: 'business.read', offices: true },
      { to: '/quarter-reviews', name: 'quarter.title', glyph: 'form', needs: 'business.read', offices: true },
    ],
  },
  {
    name: 'rail.data',
    pages: [
      { to: '/tasks', name: 'task.title', glyph: 'fill', needs: 'filing.fill' },
      { to: '/reviews', name: 'review.title', glyph: 'check', needs: 'filing.review' },
      { to: '/imports', name: 'page.imports', glyph: 'imports', needs: 'filing.import' },
      { to: '/quality', name: 'page.quality', glyph: 'search', needs: 'finding.read' },
      { to: '/closings', name: 'page.closings', glyph: 'lock', needs: 'business.read' },
      { to: '/forms', name: 'form.title', glyph: 'form', needs: 'business.read' },
      { to: '/lifecycles', name: 'lifecycle.title', glyph: 'tenancy', needs: 'business.read' },
    ],
  },
  {
    name: 'rail.admin',
    pages: [
      { to: '/users', name: 'page.users', glyph: 'user', needs: 'user.read' },
      { to: '/tokens', name: 'page.tokens', glyph: 'lock' },
      { to: '/audit', name: 'page.audit', glyph: 'admin', needs: 'audit.read' },
    ],
  },
]
