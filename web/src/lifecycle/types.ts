// Lifecycles as the server gives them.
export interface LifecycleHead {
  code: string
  of: 'tenancy' | 'project'
  name: string
  name_en: string
  from: string
  issuer: string
  number: string
  versions: number
  /** The version in force is the city's own. */
  city: boolean
}

export interface LifecycleStage {
  code: string
  name: string
  name_en: string
  after: string[] | null
  unless: string[] | null
  optional: boolean
  end: boolean
  guard: string
  message: string
  message_en: string
  deemed: {
    from: string
    months: number
    days: number
    basis: 'established' | 'assumed'
    source: string
  } | null
  basis: 'established' | 'assumed'
  source: string
}

export interface LifecycleField {
  field: string
  kind: string
  unit: string
  name: string
  name_en: string
}

export interface LifecycleVersion {
  /** 0: as shipped. */
  version: number
  from: string
  number: string
  reason: string
  actor: string
  at: string
}

export interface Lifecycle extends LifecycleHead {
  suspended: string
  suspended_en: string
  stages: LifecycleStage[] | null
  fields: LifecycleField[] | null
  yaml: string
  version_list: LifecycleVersion[] | null
}

export interface LifecycleCheck {
  ok: boolean
  problems: { line: number; message: string }[] | null
}
