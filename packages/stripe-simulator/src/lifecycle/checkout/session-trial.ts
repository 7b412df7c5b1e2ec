import type { Account } from '../../account.ts'
import type { CheckoutSession } from '../../objects.ts'

/** When the trial of a session would end if it were paid now (seconds), or null. */
export function trialEndOf(account: Account, session: CheckoutSession): number | null {
  const { trial } = session.internal
  if (trial === null) return null
  return 'days' in trial ? account.clock.seconds() + trial.days * 86_400 : trial.end
}
