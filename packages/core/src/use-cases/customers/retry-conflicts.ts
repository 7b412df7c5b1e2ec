import { tooManyAtOnce } from './ensure-customer.ts'

/** Callers of one customer race fairly: with each round of conflicts at least one of them has committed. */
const mostAttempts = 100

/**
 * Runs `attempt` again until it has a result: `undefined` says that somebody else was faster, so that what it read is old.
 *
 * @throws FareboxError `conflict` when that never ends.
 */
export async function retryConflicts<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let count = 0; count < mostAttempts; count += 1) {
    const result = await attempt()
    if (result !== undefined) return result
  }
  throw tooManyAtOnce()
}
