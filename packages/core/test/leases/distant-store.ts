import { memoryStore } from '../../src/drivers/memory/index.ts'
import { FareboxError } from '../../src/errors/error.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Store } from '../../src/ports/store.ts'
import type { UsageOperation, UsageOutcome, UsageReading } from '../../src/ports/usage-store.ts'
import { type SeededRandom, seededRandom } from '../../src/testing/seeded-random.ts'

/** One operation on its way to the store and back. */
export interface Journey {
  readonly operation: UsageOperation
  /** What the store did; `null` until it is reached. */
  outcome: UsageOutcome | null
  /** Whether the answer came back. */
  isTold: boolean
}

/** A store across a network: each call takes a while, and may fail before or after it did its work. */
export interface DistantStore {
  readonly store: Store
  /** Calls of `execute` and the operations that travelled in them. */
  readonly calls: (readonly UsageOperation[])[]
  /** The operations of all calls. */
  readonly journeys: Journey[]
  /** One call in so many is lost; 0 for none. */
  loseOneIn(calls: number): void
  /** As it is stored, whatever instances hold. */
  read(customer: string, feature: string, buckets: readonly string[]): Promise<UsageReading>
}

/** Many instances may share it: what they ask for at the same time is done in any order. */
export function distantStore(clock: Clock, random: SeededRandom = seededRandom(1)): DistantStore {
  const { usage, records } = memoryStore({ clock })
  const calls: (readonly UsageOperation[])[] = []
  const journeys: Journey[] = []
  let oneIn = 0

  async function travel(): Promise<void> {
    for (let hop = random.integer(1, 12); hop > 0; hop -= 1) await Promise.resolve()
    if (oneIn > 0 && random.integer(1, oneIn) === 1) throw new FareboxError('unavailable', 'The line is cut')
  }

  async function execute(operations: readonly UsageOperation[]): Promise<readonly UsageOutcome[]> {
    calls.push(operations)
    const travelling = operations.map((operation): Journey => ({ operation, outcome: null, isTold: false }))
    journeys.push(...travelling)
    await travel()
    const outcomes = await usage.execute(operations)
    for (const [index, journey] of travelling.entries()) journey.outcome = outcomes[index] ?? null
    await travel()
    for (const journey of travelling) journey.isTold = true
    return outcomes
  }

  return {
    store: { usage: { ...usage, execute }, records },
    calls,
    journeys,
    loseOneIn(number) {
      oneIn = number
    },
    async read(customer, feature, buckets) {
      const [reading] = await usage.read([{ customer, feature, buckets, gates: [] }])
      if (reading === undefined) throw new Error('One query has one reading')
      return reading
    },
  }
}
