import { allowance, defineCatalog, gbp, metered, perSeat, seats, setting, tiers, toggle, unlimited, usd } from '@farebox/core'
import { type CatalogData, changesOf, checkCatalogData, compareCatalogs, describeCatalog, planPush, pushedState } from '@farebox/core/catalog'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { arbitraryCatalog } from '../../test/arbitrary-catalog.ts'

const numRuns = process.env['FAREBOX_TEST_SCALE'] === 'full' ? 3000 : 200

function throughJson(data: CatalogData): CatalogData {
  return JSON.parse(JSON.stringify(data))
}

/** Equal, prototypes and frozenness apart from everything else. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test('any catalog comes back from its data, through JSON too, plans in their order', () => {
  fc.assert(fc.property(arbitraryCatalog, (catalog) => {
    const data = describeCatalog(catalog)
    expect(throughJson(data)).toEqual(data)
    const again = defineCatalog(throughJson(data))
    expect(again).toEqual(catalog)
    expect(plain(again)).toEqual(plain(catalog))
    expect(again.planList.map(({ key, rank }) => [key, rank])).toEqual(catalog.planList.map(({ key, rank }) => [key, rank]))
    expect(describeCatalog(again)).toEqual(data)
    expect(checkCatalogData(data)).toEqual([])
  }), { numRuns })
})

test('a catalog that was pushed needs no push, and every step of another one leads there', () => {
  fc.assert(fc.property(arbitraryCatalog, arbitraryCatalog, fc.constantFrom(undefined, 'shop'), (from, to, installation) => {
    expect(changesOf(compareCatalogs(from, from, installation))).toEqual([])
    expect(compareCatalogs(from, to, installation)).toEqual(planPush(to, pushedState(from, installation), installation))
    const made = compareCatalogs(from, to, installation).flatMap((step) => (step.kind === 'price' && 'target' in step ? [step.target.lookupKey] : []))
    expect(made).toHaveLength(to.planList.flatMap(({ prices }) => Object.keys(prices)).length)
  }), { numRuns })
})

const catalog = defineCatalog({
  features: { calls: metered({ unit: 'call' }), exports: toggle(), models: setting<readonly string[]>(), team: seats() },
  plans: {
    free: { name: 'Free', default: true, features: { calls: allowance(5).per('month') } },
    pro: {
      name: 'Pro', prices: { month: usd('29') }, recommended: true,
      features: { calls: allowance(500).per('month').overage(usd('0.10')), exports: true, models: ['large'], team: unlimited() },
      gates: { calls: ['100/minute', { limit: 5, per: 'second', burst: 2 }] },
    },
    team: {
      name: 'Team', prices: { month: perSeat(usd('12'), { minimum: 3 }), year: tiers('volume', [{ upTo: 10, each: usd('100') }, { upTo: null, each: usd('90') }]) },
      features: { team: 'paid' },
    },
  },
  packs: { boost: { name: 'Boost', price: [usd('10'), gbp('8')], grants: { calls: 100 } } },
})

it('says what a person would have written, and nothing that is so anyway', () => {
  expect(describeCatalog(catalog)).toEqual({
    features: {
      calls: { kind: 'metered', unit: 'call', onError: 'deny', anchor: 'customer', acceptLossy: false, lease: null },
      exports: { kind: 'toggle', onError: 'deny' },
      models: { kind: 'setting', onError: 'deny' },
      team: { kind: 'seats', onError: 'deny', acceptLossy: false },
    },
    plans: {
      free: { name: 'Free', default: true, features: { calls: { kind: 'metered', amount: 5, interval: 'month', overagePrice: null } } },
      pro: {
        name: 'Pro', prices: { month: { currency: 'usd', minor: '2900' } }, recommended: true,
        features: {
          calls: { kind: 'metered', amount: 500, interval: 'month', overagePrice: { currency: 'usd', minor: '10' } },
          exports: true, models: ['large'], team: { kind: 'metered', amount: null, interval: 'month', overagePrice: null },
        },
        gates: { calls: [{ limit: 100, per: 'minute' }, { limit: 5, per: 'second', burst: 2 }] },
      },
      team: {
        name: 'Team',
        prices: {
          month: { kind: 'seat-price', mode: null, tiers: [{ upTo: null, each: { currency: 'usd', minor: '1200' } }], minimum: 3 },
          year: {
            kind: 'seat-price', mode: 'volume', minimum: 1,
            tiers: [{ upTo: 10, each: { currency: 'usd', minor: '10000' } }, { upTo: null, each: { currency: 'usd', minor: '9000' } }],
          },
        },
        features: { team: 'paid' },
      },
    },
    packs: { boost: { name: 'Boost', price: [{ currency: 'usd', minor: '1000' }, { currency: 'gbp', minor: '800' }], grants: { calls: 100 } } },
  })
})

describe('checking data', () => {
  const data = describeCatalog(catalog)
  const { pro } = data.plans

  test('names each fault where it is, all at once', () => {
    const wrong = {
      ...data,
      plans: { ...data.plans, pro: { ...pro, name: '', trialDays: -1, prices: { month: { currency: 'usd', minor: '0' } }, features: { calls: 5, nothing: true } } },
    }
    expect(checkCatalogData(wrong).map(({ path }) => path).toSorted()).toEqual([
      'plans.pro.features.calls', 'plans.pro.features.nothing', 'plans.pro.gates.calls', 'plans.pro.name', 'plans.pro.prices.month', 'plans.pro.trialDays',
    ])
  })

  test('finds the faults that defineCatalog finds, in whatever it is given', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), fc.anything(), fc.record({ features: fc.jsonValue(), plans: fc.jsonValue() })), (given) => {
      const faults = checkCatalogData(given)
      expect(faults.length).toBeGreaterThan(0)
      expect(() => defineCatalog(given as CatalogData)).toThrow(expect.objectContaining({ code: 'invalid-catalog', faults }))
    }), { numRuns })
  })
})

describe('comparing', () => {
  const data = describeCatalog(catalog)
  const changed = (plans: CatalogData['plans'], more: Partial<CatalogData> = {}): readonly string[] =>
    changesOf(compareCatalogs(catalog, defineCatalog({ ...data, ...more, plans }))).map(({ action, kind }) => `${action} ${kind}`)

  test('shows nothing for what Stripe does not know of', () => {
    const { free } = data.plans
    expect(changed({ ...data.plans, free: { ...free!, name: 'Starter', features: {} } })).toEqual([])
  })

  test('shows a new price in place of one whose amount changed, the portal that offers it, and the end of the former one', () => {
    const { pro } = data.plans
    expect(changed({ ...data.plans, pro: { ...pro!, prices: { month: { currency: 'usd', minor: '3900' } } } })).toEqual(['create price', 'change portal', 'retire price'])
  })

  test('shows a product that is renamed, a plan that is new and one that is gone', () => {
    const { free, pro, team } = data.plans
    expect(changed({ free: free!, pro: { ...pro!, name: 'Plus' }, team: team! })).toEqual(['change product'])
    expect(changed({ ...data.plans, max: { name: 'Max', prices: { month: { currency: 'usd', minor: '9900' } }, features: {} } })).toEqual(['create product', 'create price', 'change portal'])
    const steps = compareCatalogs(catalog, defineCatalog({ ...data, plans: { free: free!, pro: pro! } }))
    expect(steps).toContainEqual({ action: 'leave', kind: 'product', id: 'farebox_team', plan: 'team' })
  })

  test('shows packs', () => {
    const { packs, ...others } = data
    expect(changed(others.plans, { packs: { boost: { ...packs!['boost']!, price: { currency: 'usd', minor: '1200' } } } })).toEqual(['change pack', 'retire pack'])
    expect(changesOf(compareCatalogs(catalog, defineCatalog(others))).map(({ action, kind }) => `${action} ${kind}`)).toEqual(['retire pack'])
  })
})
