import type { RecordStore } from '../ports/record-store.ts'
import type { ContractCase } from './contract-case.ts'
import { commitCases } from './record-contract/commits.ts'
import { isolationCases } from './record-contract/isolation.ts'
import { queryCases } from './record-contract/queries.ts'
import { createTrial } from './record-contract/record-trial.ts'

/** A store to try, made for one case. `close` lets go of what it holds on to. */
export interface RecordStoreHarness {
  readonly store: RecordStore
  close?(): Promise<void>
}

/** Options of {@link recordStoreContract}. */
export interface RecordStoreContractOptions {
  readonly create: () => RecordStoreHarness | Promise<RecordStoreHarness>
}

const suites = { commits: commitCases, isolation: isolationCases, queries: queryCases }

/**
 * Every rule that a record store keeps, one case each. A store that passes all of them may be used in place of any other.
 * Each case uses customers that nobody has seen, so stores may share a database.
 */
export function recordStoreContract({ create }: RecordStoreContractOptions): readonly ContractCase[] {
  return Object.entries(suites).flatMap(([suite, cases]) =>
    cases.map((item) => ({
      name: `${suite}: ${item.name}`,
      skipped: null,
      async run() {
        const harness = await create()
        try {
          await item.run(createTrial(harness.store, `customer-${crypto.randomUUID()}`))
        } finally {
          await harness.close?.()
        }
      },
    })),
  )
}
