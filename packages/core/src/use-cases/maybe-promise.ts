import { isPromise } from '../ports/is-promise.ts'

/** A value that may be there already. The hot path makes no promise where every answer is known in this tick. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Goes on with `value` now, or when it arrives. */
export function chain<Value, Next>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Next>,
): MaybePromise<Next> {
  return isPromise(value) ? value.then(next) : next(value)
}
