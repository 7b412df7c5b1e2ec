import { allowance, createFarebox, defineCatalog, metered, seats, toggle, usd } from '@farebox/core'
import { memoryStore } from '@farebox/core/drivers/memory'
import { describe, it } from 'vitest'

const features = { apiCalls: metered({ unit: 'call' }), exports: toggle(), team: seats() }
const free = { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month') } }
const catalog = defineCatalog({
  features,
  plans: { free, pro: { name: 'Pro', prices: { month: usd('29') }, features: { exports: true, team: 3 } } },
  packs: { boost: { name: 'Boost', price: usd('5'), grants: { apiCalls: 100 } } },
})
const farebox = createFarebox({ catalog, store: memoryStore() })
const packless = createFarebox({ catalog: defineCatalog({ features, plans: { free } }), store: memoryStore() })

const customer = 'ann'
const sale = { customer, interval: 'month', successUrl: 'https://a.example', cancelUrl: 'https://a.example' } as const
const header = (): null => null

describe('a name that the catalog does not have, or has for another kind, does not compile', () => {
  it('where something is counted', () => {
    void farebox.consume({ customer, feature: 'apiCalls' })
    // @ts-expect-error not a feature
    void farebox.consume({ customer, feature: 'apiCall' })
    // @ts-expect-error a toggle
    void farebox.reserve({ customer, feature: 'exports', atMost: 1 })
    // @ts-expect-error a toggle
    void farebox.settle({ customer, feature: 'exports', reservation: 'r', amount: 1 })
    // @ts-expect-error not a feature
    void farebox.release({ customer, feature: 'apiCall', idempotencyKey: 'k' })
    // @ts-expect-error a toggle
    void farebox.release({ customer, feature: 'exports', reservation: 'r' })
    // @ts-expect-error not a feature
    void farebox.check({ customer, feature: 'export' })
  })

  it('where something is given', () => {
    // @ts-expect-error a toggle
    void farebox.grant({ customer, feature: 'exports', amount: 1, key: 'k' })
    // @ts-expect-error not a plan
    void farebox.override({ customer, plan: 'gold', until: null })
    // @ts-expect-error not counted in seats
    void farebox.assignSeat({ customer, feature: 'exports', member: 'bob' })
    // @ts-expect-error not a feature
    void farebox.releaseSeat({ customer, feature: 'teams', member: 'bob' })
  })

  it('where something is sold', () => {
    // @ts-expect-error not a plan
    void farebox.checkout({ ...sale, plan: 'gold' })
    // @ts-expect-error not a pack
    void farebox.checkout({ ...sale, pack: 'bundle' })
    // @ts-expect-error there are no packs
    void packless.checkout({ ...sale, pack: 'boost' })
    // @ts-expect-error not a plan
    void farebox.subscribe({ ...sale, plan: 'gold' })
    // @ts-expect-error not a plan
    void farebox.previewChange({ customer, plan: 'gold' })
  })

  it('at the guard, on which adapters are built', () => {
    void farebox.guard.requirePlan(header, ['pro'])
    // @ts-expect-error not a plan
    void farebox.guard.requirePlan(header, ['pro', 'gold'])
    // @ts-expect-error not a feature
    void farebox.guard.requireFeature(header, 'export')
    // @ts-expect-error a toggle
    void farebox.guard.meter(header, { feature: 'exports' })
    // @ts-expect-error not a feature
    void farebox.guard.meterAnyone(header, { feature: 'apiCall' })
  })

  it('in what a farebox and its packs are made of', () => {
    // @ts-expect-error not a feature
    createFarebox({ catalog, store: memoryStore(), anonymous: { gates: { apiCall: ['1/minute'] }, trustedHops: 1 } })
    // @ts-expect-error a toggle is not bought by the piece
    defineCatalog({ features, plans: { free }, packs: { boost: { name: 'Boost', price: usd('5'), grants: { exports: 1 } } } })
    // @ts-expect-error not a plan
    defineCatalog({ features, plans: { free }, moves: { pairs: { gold: {} } } })
  })
})
