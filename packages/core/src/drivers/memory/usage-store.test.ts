import { describe, it } from 'vitest'
import type { Clock } from '../../ports/clock.ts'
import type { UsageOperation, UsageOutcome, UsageStore } from '../../ports/usage-store.ts'
import { checkOperation } from '../../storage/counting/check-operation.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import { usageStoreContract } from '../../testing/usage-store-contract.ts'
import { memoryStore } from './memory-store.ts'

const rules = usageStoreContract({
  hasClock: true,
  create() {
    const clock = manualClock()
    return { store: memoryStore({ clock }).usage, clock }
  },
})

/** The memory store, asked by the short way wherever that answers: it has to answer as `execute` does. */
function storeByTheShortWay(store: UsageStore, clock: Clock): UsageStore {
  const { direct } = store.execute
  if (direct === undefined) throw new Error('The memory store offers the short way')

  function answer(operation: UsageOperation): UsageOutcome | undefined {
    if (operation.verb !== 'consume') return undefined
    const { customer, feature, amount, key, keyFor, freshness, gates, buckets } = operation
    const [bucket, ...others] = buckets
    const place = direct?.find(customer)
    if (direct === undefined || place === undefined) return undefined
    if (bucket === undefined || others.length > 0 || gates.length > 0 || freshness.loaded) return direct.consume(operation)
    const outcome = direct.count(place, { counter: { feature, bucket }, freshness }, amount, key, keyFor)
    if (outcome === 'unanswered') return undefined
    const { used, reserved, keyUntil } = direct
    const seen = { now: clock.now(), buckets: [{ id: bucket.id, used, reserved }], gates: [] }
    if (outcome === 'refused') return { ...seen, kind: 'refused', by: 'bucket', retryAt: null }
    const drawn = [{ bucket: bucket.id, kind: bucket.kind, amount }]
    return { ...seen, kind: 'taken', repeated: false, drawn, keyUntil, reservation: null, expiresAt: null }
  }

  return {
    ...store,
    async execute(operations) {
      for (const operation of operations) checkOperation(operation)
      const outcomes: UsageOutcome[] = []
      for (const operation of operations) {
        const answered = answer(operation)
        outcomes.push(...(answered === undefined ? await store.execute([operation]) : [answered]))
      }
      return outcomes
    },
  }
}

describe('the memory usage store keeps every rule of the contract', () => {
  it.each(rules)('$name', async (rule) => rule.run())
})

const shortWayRules = usageStoreContract({
  hasClock: true,
  create() {
    const clock = manualClock()
    return { store: storeByTheShortWay(memoryStore({ clock }).usage, clock), clock }
  },
})

describe('the short way into the memory usage store keeps every rule of the contract', () => {
  it.each(shortWayRules)('$name', async (rule) => rule.run())
})
