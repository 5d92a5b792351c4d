// What the signed-in user is offered on screen. The server says what a role may do, and decides again for every request.
import type { Me } from '../shared/types'

export type Deed =
  | 'business.read'
  | 'park.edit'
  | 'park.import'
  | 'figure.record'
  | 'figure.choose'
  | 'target.read'
  | 'filing.fill'
  | 'filing.review'
  | 'filing.import'
  | 'form.edit'
  | 'closing.make'
  | 'finding.read'
  | 'milestone.edit'
  | 'milestone.verify'
  | 'lifecycle.edit'
  | 'promise.edit'
  | 'enrolment.edit'
  | 'problem.edit'
  | 'review.make'
  | 'user.read'
  | 'user.create'
  | 'user.edit'
  | 'user.grant'
  | 'user.unlock'
  | 'audit.read'

/** can reports whether the user may do something. */
export function can(me: Pick<Me, 'actions'>, deed: Deed): boolean {
  return me.actions?.includes(deed) ?? false
}
