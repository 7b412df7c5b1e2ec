import type { Milliseconds } from '../../domain/instant.ts'

/**
 * After this long a call no longer waits for those before it. On Workers the request that made such a call may be gone,
 * and its promise with it; to go ahead is always exact, and at worst one more try.
 */
const longestWait: Milliseconds = 1000

/** Lets calls about the same customer follow each other, so that one isolate never races itself for a customer's rows. */
export interface CustomerTurns {
  /** Runs `work` once the calls before it that are about any of these customers have ended. */
  take<Answer>(customers: Iterable<string>, work: () => Promise<Answer>): Promise<Answer>
}

export function createCustomerTurns(): CustomerTurns {
  /** The end of the last call about each customer. */
  const ends = new Map<string, Promise<void>>()

  return {
    async take(customers, work) {
      const own = new Set(customers)
      const before = [...own].map((customer) => ends.get(customer)).filter((end) => end !== undefined)
      const answer = before.length === 0 ? work() : within(Promise.all(before)).then(work)
      const end = answer.then(leave, leave)
      for (const customer of own) ends.set(customer, end)
      return answer

      function leave(): void {
        for (const customer of own) if (ends.get(customer) === end) ends.delete(customer)
      }
    },
  }
}

async function within(work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, longestWait)
  })
  try {
    await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}
