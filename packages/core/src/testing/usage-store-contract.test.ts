import { describe, expect, it } from 'vitest'
import { memoryStore } from '../drivers/memory/memory-store.ts'
import type { UsageStore } from '../ports/usage-store.ts'
import { brokenCounting } from './broken-stores/broken-counting.ts'
import { brokenKeys } from './broken-stores/broken-keys.ts'
import { brokenReservations } from './broken-stores/broken-reservations.ts'
import { alteredStore } from './broken-stores/broken-store.ts'
import { brokenTime } from './broken-stores/broken-time.ts'
import { type ManualClock, manualClock } from './manual-clock.ts'
import { usageStoreContract } from './usage-store-contract.ts'

/** Names of the rules that a store breaks. */
async function brokenRules(create: (clock: ManualClock) => UsageStore): Promise<readonly string[]> {
  const broken: string[] = []
  const rules = usageStoreContract({
    hasClock: true,
    create() {
      const clock = manualClock()
      return { store: create(clock), clock }
    },
  })
  for (const rule of rules) {
    try {
      await rule.run()
    } catch {
      broken.push(rule.name)
    }
  }
  return broken
}

describe('the usage contract', () => {
  it('finds nothing in a store that answers later but rightly', async () => {
    const altered = await brokenRules((clock) => alteredStore(clock, async (operation, run) => run(operation)))

    expect(altered).toEqual([])
  })

  it.each([...brokenCounting, ...brokenKeys, ...brokenTime, ...brokenReservations])(
    'finds a store that $fault',
    async ({ caughtBy, create }) => {
      expect(await brokenRules(create)).toContain(caughtBy)
    },
  )

  it('skips rules about time, with the reason, where no test may set the clock', async () => {
    const rules = usageStoreContract({ hasClock: false, create: () => ({ store: memoryStore().usage }) })

    const skipped = rules.filter((rule) => rule.skipped !== null)
    expect(skipped.length).toBeGreaterThan(10)
    expect(new Set(skipped.map((rule) => rule.skipped))).toEqual(new Set(["no test may set this store's clock"]))
    for (const rule of rules) if (rule.skipped === null) await rule.run()
  })

  it('lets go of each store, also after a rule was broken', async () => {
    let open = 0
    const rules = usageStoreContract({
      hasClock: false,
      create() {
        open += 1
        const store = { ...memoryStore().usage, read: async () => [] }
        return { store, close: async () => void (open -= 1) }
      },
    })

    const outcomes = await Promise.allSettled(rules.filter((rule) => rule.skipped === null).map(async (rule) => rule.run()))

    expect(outcomes.some((outcome) => outcome.status === 'rejected')).toBe(true)
    expect(open).toBe(0)
  })

  it('names each rule once', () => {
    const names = usageStoreContract({ hasClock: true, create: () => ({ store: memoryStore().usage }) }).map((rule) => rule.name)

    expect(new Set(names).size).toBe(names.length)
  })
})
