import { isFareboxError } from '../../errors/error.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { callStripe, replayedFailure } from './stripe-error.ts'

/** A write that fails in this many lives of its key is Stripe's to mend. */
const mostLives = 5

/** A write that must take effect once, whoever makes it and however often. */
export interface OnceOnly<Effect> {
  /** What the write is for, and everything that makes it another one. Its idempotency key is made of them. */
  readonly intent: string
  readonly parameters: unknown
  readonly write: (idempotencyKey: string) => Promise<Effect>
  /** Looks whether the write took effect; `undefined` proves that it did not. */
  readonly find: () => Promise<Effect | undefined>
}

/**
 * Makes a write under its key. Stripe repeats what it answered the first time, a failure of its own (5xx) included: then
 * what was to be written may be there or not. It is looked for, and only where it is not there a new key is taken.
 *
 * @throws FareboxError `payments-failed`, `unavailable`.
 */
export async function writeOnce<Effect>({ intent, parameters, write, find }: OnceOnly<Effect>): Promise<Effect> {
  for (let life = 0; ; life += 1) {
    const idempotencyKey = await idempotencyKeyOf(intent, life === 0 ? parameters : [parameters, life])
    try {
      return await callStripe(() => write(idempotencyKey))
    } catch (error) {
      if (!isFareboxError(error) || error.reason !== replayedFailure || life === mostLives) throw error
      const found = await find()
      if (found !== undefined) return found
    }
  }
}
