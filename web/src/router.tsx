// The pages and their addresses. Search parameters are plain text: ?org=350582&period=2024-06.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  retainSearchParams,
} from '@tanstack/react-router'
import { LoginPage } from './session/LoginPage'
import { PasswordPage } from './session/PasswordPage'
import { NotFound } from './shell/NotFound'
import { Shell } from './shell/Shell'

type Texts<Name extends string> = { [key in Name]?: string }

/** texts accepts the named search parameters where they are not empty, and drops everything else. */
export function texts<Name extends string>(...names: Name[]) {
  return (search: Record<string, unknown>): Texts<Name> => {
    const out: Texts<Name> = {}
    for (const name of names) {
      const value = search[name]
      if (typeof value === 'string' && value !== '') out[name] = value
    }
    return out
  }
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: LoginPage,
  validateSearch: texts('next', 'expired'),
})
const password = createRoute({ getParentRoute: () => root, path: '/password', component: PasswordPage })

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  validateSearch: texts('org', 'park', 'period'),
  search: { middlewares: [retainSearchParams(['org', 'park', 'period'])] },
})

const inside = () => shell

const cockpit = createRoute({
  getParentRoute: inside,
  path: '/',
  validateSearch: texts('ind', 'industry', 'rows', 'part'),
  component: lazyRouteComponent(() => import('./cockpit/CockpitPage'), 'CockpitPage'),
})
const parks = createRoute({
  getParentRoute: inside,
  path: '/parks',
  validateSearch: texts('q', 'pilot', 'sort'),
  component: lazyRouteComponent(() => import('./park/ParkLedger'), 'ParkLedger'),
})
const park = createRoute({
  getParentRoute: inside,
  path: '/parks/$id',
  component: lazyRouteComponent(() => import('./park/ParkPage'), 'ParkPage'),
})
const enterprises = createRoute({
  getParentRoute: inside,
  path: '/enterprises',
  validateSearch: texts('q', 'stage', 'industry'),
  component: lazyRouteComponent(() => import('./enterprise/EnterpriseLedger'), 'EnterpriseLedger'),
})
const enterprise = createRoute({
  getParentRoute: inside,
  path: '/enterprises/$id',
  component: lazyRouteComponent(() => import('./enterprise/EnterprisePage'), 'EnterprisePage'),
})
const tenancies = createRoute({
  getParentRoute: inside,
  path: '/tenancies',
  validateSearch: texts('stage', 'open'),
  component: lazyRouteComponent(() => import('./tenancy/TenancyLedger'), 'TenancyLedger'),
})
const tenancy = createRoute({
  getParentRoute: inside,
  path: '/tenancies/$id',
  validateSearch: texts('stage'),
  component: lazyRouteComponent(() => import('./subject/SubjectPage'), 'TenancyPage'),
})
const projects = createRoute({
  getParentRoute: inside,
  path: '/projects',
  validateSearch: texts('kind', 'load', 'open'),
  component: lazyRouteComponent(() => import('./project/ProjectLedger'), 'ProjectLedger'),
})
const project = createRoute({
  getParentRoute: inside,
  path: '/projects/$id',
  validateSearch: texts('stage'),
  component: lazyRouteComponent(() => import('./subject/SubjectPage'), 'ProjectPage'),
})
const pipeline = createRoute({
  getParentRoute: inside,
  path: '/pipeline',
  validateSearch: texts(
    'kind',
    'lifecycle',
    'view',
    'officer',
    'light',
    'q',
    'late',
    'stage',
    'reached',
    'month',
    'sort',
    'group',
    'zoom',
    'by',
    'measure',
    'a',
    'b',
  ),
  component: lazyRouteComponent(() => import('./pipeline/PipelinePage'), 'PipelinePage'),
})
const readiness = createRoute({
  getParentRoute: inside,
  path: '/readiness',
  validateSearch: texts('q', 'verdict'),
  component: lazyRouteComponent(() => import('./readiness/ReadinessPage'), 'ReadinessPage'),
})
const readinessOf = createRoute({
  getParentRoute: inside,
  path: '/readiness/$enterprise',
  component: lazyRouteComponent(() => import('./readiness/EnterprisePage'), 'EnterprisePage'),
})
const problems = createRoute({
  getParentRoute: inside,
  path: '/problems',
  validateSearch: texts('tab', 'open', 'state', 'owner', 'kind', 'late', 'q', 'review'),
  component: lazyRouteComponent(() => import('./problem/ProblemsPage'), 'ProblemsPage'),
})
const quarterReviews = createRoute({
  getParentRoute: inside,
  path: '/quarter-reviews',
  component: lazyRouteComponent(() => import('./quarter/QuarterReviewsPage'), 'QuarterReviewsPage'),
})
const quarterReview = createRoute({
  getParentRoute: inside,
  path: '/quarter-reviews/$id',
  validateSearch: texts('site'),
  component: lazyRouteComponent(() => import('./quarter/QuarterReviewPage'), 'QuarterReviewPage'),
})
const imports = createRoute({
  getParentRoute: inside,
  path: '/imports',
  validateSearch: texts('form', 'subject', 'for'),
  component: lazyRouteComponent(() => import('./intake/StartPage'), 'StartPage'),
})
const parkImport = createRoute({
  getParentRoute: inside,
  path: '/imports/parks',
  component: lazyRouteComponent(() => import('./imports/ImportPage'), 'ImportPage'),
})
const intake = createRoute({
  getParentRoute: inside,
  path: '/imports/$id',
  validateSearch: texts('step', 'column', 'cell'),
  component: lazyRouteComponent(() => import('./intake/IntakePage'), 'IntakePage'),
})
const quality = createRoute({
  getParentRoute: inside,
  path: '/quality',
  validateSearch: texts('check', 'severity', 'finding'),
  component: lazyRouteComponent(() => import('./quality/QualityPage'), 'QualityPage'),
})
const closings = createRoute({
  getParentRoute: inside,
  path: '/closings',
  component: lazyRouteComponent(() => import('./closing/ClosingPage'), 'ClosingPage'),
})
const vintage = createRoute({
  getParentRoute: inside,
  path: '/closings/$period/$no',
  validateSearch: texts('pair', 'span', 'ind', 'place', 'view'),
  component: lazyRouteComponent(() => import('./closing/VintagePage'), 'VintagePage'),
})
const tasks = createRoute({
  getParentRoute: inside,
  path: '/tasks',
  component: lazyRouteComponent(() => import('./filing/TasksPage'), 'TasksPage'),
})
const filings = createRoute({
  getParentRoute: inside,
  path: '/filings',
  validateSearch: texts('form', 'state', 'q', 'view'),
  component: lazyRouteComponent(() => import('./filing/FilingsPage'), 'FilingsPage'),
})
const filing = createRoute({
  getParentRoute: inside,
  path: '/filings/$form/$kind/$subject/$period',
  component: lazyRouteComponent(() => import('./filing/FilingPage'), 'FilingPage'),
})
const reviews = createRoute({
  getParentRoute: inside,
  path: '/reviews',
  validateSearch: texts('form', 'q', 'open'),
  component: lazyRouteComponent(() => import('./review/ReviewPage'), 'ReviewPage'),
})
const forms = createRoute({
  getParentRoute: inside,
  path: '/forms',
  component: lazyRouteComponent(() => import('./forms/FormsPage'), 'FormsPage'),
})
const formPage = createRoute({
  getParentRoute: inside,
  path: '/forms/$code',
  validateSearch: texts('tab'),
  component: lazyRouteComponent(() => import('./forms/FormPage'), 'FormPage'),
})
const lifecycles = createRoute({
  getParentRoute: inside,
  path: '/lifecycles',
  component: lazyRouteComponent(() => import('./lifecycle/LifecyclesPage'), 'LifecyclesPage'),
})
const lifecycle = createRoute({
  getParentRoute: inside,
  path: '/lifecycles/$code',
  validateSearch: texts('tab'),
  component: lazyRouteComponent(() => import('./lifecycle/LifecyclePage'), 'LifecyclePage'),
})
const users = createRoute({
  getParentRoute: inside,
  path: '/users',
  component: lazyRouteComponent(() => import('./admin/UserPage'), 'UserPage'),
})
const tokens = createRoute({
  getParentRoute: inside,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./admin/TokenPage'), 'TokenPage'),
})
const audit = createRoute({
  getParentRoute: inside,
  path: '/audit',
  component: lazyRouteComponent(() => import('./admin/AuditPage'), 'AuditPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    password,
    shell.addChildren([
      cockpit,
      parks,
      park,
      enterprises,
      enterprise,
      tenancies,
      tenancy,
      projects,
      project,
      pipeline,
      readiness,
      readinessOf,
      problems,
      quarterReviews,
      quarterReview,
      imports,
      parkImport,
      intake,
      quality,
      closings,
      vintage,
      tasks,
      filings,
      filing,
      reviews,
      forms,
      formPage,
      lifecycles,
      lifecycle,
      users,
      tokens,
      audit,
    ]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const known = Object.entries(search).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    )
    return known.length > 0 ? `?${new URLSearchParams(known)}` : ''
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
