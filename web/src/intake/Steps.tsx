import { useText } from '../shared/i18n'
import type { Intake, IntakeState } from './types'

export const steps = ['upload', 'map', 'check', 'commit'] as const
export type Step = (typeof steps)[number]

const stepOfState: Record<IntakeState, Step> = {
  mapping: 'map',
  checking: 'check',
  checked: 'check',
  committing: 'commit',
  committed: 'commit',
  undone: 'commit',
  discarded: 'commit',
  failed: 'check',
}

/** stepOf is the step on screen: where the intake stands, or the mapping while it can still be changed and is asked for. */
export function stepOf({ state }: Pick<Intake, 'state'>, asked: string | undefined): Step {
  if (asked === 'map' && (state === 'checked' || state === 'failed')) return 'map'
  return stepOfState[state]
}

/** Steps shows the way of a file and where it stands. */
export function Steps({ now }: { now: Step }) {
  const { t } = useText()
  const at = steps.indexOf(now)
  return (
    <ol className="pb-way" aria-label={t('intake.steps')}>
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={step === now ? 'step' : undefined}
          className={index < at ? 'past' : undefined}
        >
          <span aria-hidden="true">{index + 1}</span>
          {t(`intakeStep.${step}`)}
        </li>
      ))}
    </ol>
  )
}
