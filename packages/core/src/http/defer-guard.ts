import type { MaybePromise } from '../use-cases/maybe-promise.ts'
import type { Guard } from './guard.ts'

/**
 * A guard that is made when it is first asked; from then on it answers as soon as the one that was made. Where it cannot
 * be made, that request is not let in, and the next one tries again.
 */
export function deferGuard(make: () => Promise<Guard>): Guard {
  let guard: Guard | undefined
  let making: Promise<Guard> | undefined

  function ask<Answer>(question: (made: Guard) => MaybePromise<Answer>): MaybePromise<Answer> {
    if (guard !== undefined) return question(guard)
    making ??= make().then(
      (made) => (guard = made),
      (error: unknown) => {
        making = undefined
        throw error
      },
    )
    return making.then(question)
  }

  return {
    authenticate: (header) => ask((made) => made.authenticate(header)),
    requireRole: (header, role, caller) => ask((made) => made.requireRole(header, role, caller)),
    requirePlan: (header, plans, caller) => ask((made) => made.requirePlan(header, plans, caller)),
    requireFeature: (header, feature, caller) => ask((made) => made.requireFeature(header, feature, caller)),
    meter: (header, options, caller) => ask((made) => made.meter(header, options, caller)),
    meterAnyone: (header, options, caller, peer) => ask((made) => made.meterAnyone(header, options, caller, peer)),
  }
}
