import type { Milliseconds } from '../../domain/instant.ts'
import { isBusy, toFareboxError } from './failure.ts'

/** How long a database that is busy is asked again, what its client waits by itself included; and the longest pause between two tries. */
const patience: Milliseconds = 5000
const longestPause: Milliseconds = 25

/** Runs one transaction; where the database is busy nothing of it happened, and it is tried again after a pause. */
export async function whenFree<Answer>(run: () => Answer | Promise<Answer>): Promise<Answer> {
  let waited = 0
  for (let pause = 1; ; pause = Math.min(pause * 2, longestPause)) {
    const begun = performance.now()
    try {
      return await run()
    } catch (error) {
      if (!isBusy(error) || waited >= patience) throw toFareboxError(error)
    }
    waited += performance.now() - begun + pause
    await new Promise((resolve) => {
      setTimeout(resolve, pause)
    })
  }
}
