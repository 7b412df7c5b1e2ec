import { checkOperation } from '../../storage/counting/check-operation.ts'
import { memoryStore } from '../../drivers/memory/memory-store.ts'
import type {
  ConsumeOperation,
  Freshness,
  ReserveOperation,
  UsageBucket,
  UsageOperation,
  UsageOutcome,
  UsageStore,
} from '../../ports/usage-store.ts'
import type { ManualClock } from '../manual-clock.ts'

/** A store with one fault, as they are found in the wild, and the rule that must catch it. */
export interface BrokenStore {
  readonly fault: string
  readonly caughtBy: string
  readonly create: (clock: ManualClock) => UsageStore
}

export type Run = (operation: UsageOperation) => Promise<UsageOutcome>
export type Take = ConsumeOperation | ReserveOperation
export type Taken = Extract<UsageOutcome, { kind: 'taken' }>

/** The memory store, with `answer` between the caller and each operation; the rest may be replaced by `changes`. */
export function alteredStore(
  clock: ManualClock,
  answer: (operation: UsageOperation, run: Run, store: UsageStore) => Promise<UsageOutcome>,
  changes: Partial<UsageStore> = {},
): UsageStore {
  const store = memoryStore({ clock }).usage

  async function run(operation: UsageOperation): Promise<UsageOutcome> {
    const [outcome] = await store.execute([operation])
    if (outcome === undefined) throw new Error('One operation has one outcome')
    return outcome
  }

  return {
    ...store,
    async execute(operations) {
      for (const operation of operations) checkOperation(operation)
      const outcomes: UsageOutcome[] = []
      for (const operation of operations) outcomes.push(await answer(operation, run, store))
      return outcomes
    },
    ...changes,
  }
}

export function isTake(operation: UsageOperation): operation is Take {
  return operation.verb === 'consume' || operation.verb === 'reserve'
}

/** Skips every check of freshness. */
export const trusted: Freshness = { version: 0, validFrom: 0, validUntil: null, loaded: true }

/** Counts without asking: whatever was in the way. */
export async function force(
  run: Run,
  { customer, feature }: UsageOperation,
  { id, kind }: Pick<UsageBucket, 'id' | 'kind'>,
  amount: number,
): Promise<void> {
  const buckets = [{ id, kind, limit: null, keepUntil: null }]
  await run({ verb: 'consume', customer, feature, amount, key: null, keyFor: 0, freshness: trusted, gates: [], buckets })
}

/** How much each bucket would still give, by the limits of the call; below zero where a counter is above its limit. */
export async function roomsOf(store: UsageStore, { customer, feature, buckets }: Take): Promise<readonly number[]> {
  const [reading] = await store.read([{ customer, feature, buckets: buckets.map((bucket) => bucket.id), gates: [] }])
  const states = reading?.buckets ?? []
  return buckets.map(({ limit }, index) => {
    const state = states[index]
    return (limit ?? Number.MAX_SAFE_INTEGER) - (state?.used ?? 0) - (state?.reserved ?? 0)
  })
}
