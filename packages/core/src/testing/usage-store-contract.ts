import type { UsageStore } from '../ports/usage-store.ts'
import type { ContractCase } from './contract-case.ts'
import type { ManualClock } from './manual-clock.ts'
import { batchCases } from './usage-contract/batches.ts'
import { bucketCases } from './usage-contract/buckets.ts'
import { exactnessCases } from './usage-contract/exactness.ts'
import { expiryCases } from './usage-contract/expiry.ts'
import { faultCases } from './usage-contract/faults.ts'
import { freshnessCases } from './usage-contract/freshness.ts'
import { gateCases } from './usage-contract/gates.ts'
import { historyCases } from './usage-contract/history.ts'
import { housekeepingCases } from './usage-contract/housekeeping.ts'
import { keyCases } from './usage-contract/keys.ts'
import { overdraftCases } from './usage-contract/overdraft.ts'
import { raceCases } from './usage-contract/races.ts'
import { releaseCases } from './usage-contract/releases.ts'
import { reservationCases } from './usage-contract/reservations.ts'
import { createTrial } from './usage-contract/usage-trial.ts'

/** A store to try, made for one case. `close` lets go of what it holds on to. */
export interface UsageStoreHarness {
  readonly store: UsageStore
  /** The store's clock, where a test may set it. */
  readonly clock?: ManualClock
  close?(): Promise<void>
}

/** Options of {@link usageStoreContract}. */
export interface UsageStoreContractOptions {
  readonly create: () => UsageStoreHarness | Promise<UsageStoreHarness>
  /** Whether `create` gives a clock; without one, the rules about time are skipped, with that reason. */
  readonly hasClock: boolean
}

const suites = {
  keys: keyCases,
  freshness: freshnessCases,
  gates: gateCases,
  buckets: bucketCases,
  reservations: reservationCases,
  releases: releaseCases,
  overdraft: overdraftCases,
  expiry: expiryCases,
  batches: batchCases,
  races: raceCases,
  exactness: exactnessCases,
  faults: faultCases,
  housekeeping: housekeepingCases,
  history: historyCases,
}

/**
 * Every rule that a usage store keeps, one case each. A store that passes all of them may be used in place of any other.
 * Each case makes its own store and uses customers that nobody has seen, so stores may share a database.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@farebox/core/drivers/memory'
 * import { manualClock, usageStoreContract } from '@farebox/core/testing'
 *
 * const rules = usageStoreContract({
 *   hasClock: true,
 *   create() {
 *     const clock = manualClock()
 *     return { store: memoryStore({ clock }).usage, clock }
 *   },
 * })
 * for (const rule of rules) await rule.run()
 * ```
 */
export function usageStoreContract({ create, hasClock }: UsageStoreContractOptions): readonly ContractCase[] {
  return Object.entries(suites).flatMap(([suite, cases]) =>
    cases.map((item) => ({
      name: `${suite}: ${item.name}`,
      skipped: item.needsClock === true && !hasClock ? "no test may set this store's clock" : null,
      async run() {
        const harness = await create()
        try {
          await item.run(createTrial(harness.store, harness.clock, `customer-${crypto.randomUUID()}`))
        } finally {
          await harness.close?.()
        }
      },
    })),
  )
}
