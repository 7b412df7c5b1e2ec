import { isPromise } from '../ports/is-promise.ts'
import type { Calls } from '../use-cases/calls.ts'
import type { MaybePromise } from '../use-cases/maybe-promise.ts'
import type { Guard } from './guard.ts'

interface Making<Known> {
  readonly context: Known
  readonly made: Promise<Guard>
  guard: Guard | undefined
}

/**
 * A guard that is made when it is first asked; from then on it answers as soon as the one that was made. Where it cannot
 * be made, that request is not let in, and the next one tries again. Once `calls` are closed it is another one.
 */
export function deferGuard<Known>(
  calls: { readonly context: Known; readonly keep: Calls['keep'] },
  make: (context: Known) => Promise<Guard>,
): Guard {
  let making: Making<Known> | undefined

  function start(context: Known): Making<Known> {
    const started: Making<Known> = {
      context,
      guard: undefined,
      made: make(context).then(
        (made) => (started.guard = made),
        (error: unknown) => {
          if (making === started) making = undefined
          throw error
        },
      ),
    }
    return started
  }

  function ask<Answer>(question: (made: Guard) => MaybePromise<Answer>): MaybePromise<Answer> {
    const { context } = calls
    if (making?.context !== context) making = start(context)
    const { guard, made } = making
    const answer = guard === undefined ? made.then(question) : question(guard)
    return isPromise(answer) ? calls.keep(answer) : answer
  }

  return {
    authenticate: (header) => ask((made) => made.authenticate(header)),
    requireRole: (header, role, caller) => ask((made) => made.requireRole(header, role, caller)),
    requirePlan: (header, plans, caller) => ask((made) => made.requirePlan(header, plans, caller)),
    requireFeature: (header, feature, caller, amount) => ask((made) => made.requireFeature(header, feature, caller, amount)),
    meter: (header, options, caller) => ask((made) => made.meter(header, options, caller)),
    meterAnyone: (header, options, caller, peer) => ask((made) => made.meterAnyone(header, options, caller, peer)),
  }
}
