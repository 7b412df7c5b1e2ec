import { isPromise } from '../ports/is-promise.ts'
import type { MaybePromise } from './maybe-promise.ts'

/** What `work` answers, with what to do when it throws, now or later. */
export function attempt<Value>(
  work: () => MaybePromise<Value>,
  recover: (error: unknown) => MaybePromise<Value>,
): MaybePromise<Value> {
  try {
    const value = work()
    return isPromise(value) ? value.catch(recover) : value
  } catch (error) {
    return recover(error)
  }
}
