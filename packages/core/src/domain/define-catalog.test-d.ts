import { describe, expectTypeOf, it } from 'vitest'
import { allowance, unlimited } from './allowance.ts'
import type { Catalog, FeatureKeyOf, MeteredKeyOf, PlanKeyOf } from './catalog.ts'
import { defineCatalog } from './define-catalog.ts'
import { metered, seats, setting, toggle } from './feature.ts'
import { eur, usd } from './money.ts'
import { perSeat, tiers } from './price.ts'

const features = {
  apiCalls: metered({ unit: 'call' }),
  exports: toggle(),
  models: setting<('small' | 'large')[]>(),
  seats: seats(),
}

const catalog = defineCatalog({
  features: {
    apiCalls: metered({ unit: 'call' }),
    exports: toggle(),
    models: setting<('small' | 'large')[]>(),
    seats: seats(),
  },
  plans: {
    free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month'), models: ['small'] } },
    pro: {
      name: 'Pro',
      prices: { month: usd('29'), year: usd('290') },
      trialDays: 14,
      recommended: true,
      features: {
        apiCalls: allowance(500).per('month').overage(usd('0.10')),
        exports: true,
        models: ['small', 'large'],
        seats: 5,
      },
      gates: { apiCalls: ['100/minute', { limit: 1000, per: 'hour', burst: 50 }] },
    },
    enterprise: {
      name: 'Enterprise',
      contactSales: true,
      features: { apiCalls: unlimited(), exports: true, models: ['small', 'large'], seats: unlimited() },
    },
  },
})

describe('the catalog carries its names', () => {
  it('infers features and plans', () => {
    expectTypeOf<FeatureKeyOf<typeof catalog>>().toEqualTypeOf<'apiCalls' | 'exports' | 'models' | 'seats'>()
    expectTypeOf<PlanKeyOf<typeof catalog>>().toEqualTypeOf<'free' | 'pro' | 'enterprise'>()
    expectTypeOf<MeteredKeyOf<typeof catalog>>().toEqualTypeOf<'apiCalls'>()
    expectTypeOf(catalog.plans.pro.rank).toEqualTypeOf<number>()
    expectTypeOf(catalog.features.apiCalls.kind).toEqualTypeOf<'metered'>()
  })

  it('is a catalog of any app', () => {
    expectTypeOf(catalog).toExtend<Catalog>()
  })

  it('knows no other plan', () => {
    // @ts-expect-error there is no such plan
    expectTypeOf(catalog.plans.premium).toBeUnknown()
  })

  it('may have no features', () => {
    const empty = defineCatalog({ features: {}, plans: { free: { name: 'Free', default: true, features: {} } } })
    expectTypeOf<PlanKeyOf<typeof empty>>().toEqualTypeOf<'free'>()
    expectTypeOf<FeatureKeyOf<typeof empty>>().toBeNever()
  })
})

describe('what does not compile', () => {
  it('a feature that the catalog does not have', () => {
    // @ts-expect-error apiCals is a typo
    defineCatalog({ features, plans: { free: { name: 'Free', features: { apiCals: allowance(5).per('month') } } } })
  })

  it('terms of another kind', () => {
    // @ts-expect-error a toggle is true or false
    defineCatalog({ features, plans: { free: { name: 'Free', features: { exports: allowance(5).per('month') } } } })
    // @ts-expect-error a metered feature needs an allowance
    defineCatalog({ features, plans: { free: { name: 'Free', features: { apiCalls: true } } } })
    // @ts-expect-error a metered feature needs an allowance
    defineCatalog({ features, plans: { free: { name: 'Free', features: { apiCalls: 5 } } } })
    // @ts-expect-error seats are counted, not per month
    defineCatalog({ features, plans: { free: { name: 'Free', features: { seats: allowance(5).per('month') } } } })
    // @ts-expect-error an allowance needs its interval
    defineCatalog({ features, plans: { free: { name: 'Free', features: { apiCalls: allowance(5) } } } })
    // @ts-expect-error the setting has no such value
    defineCatalog({ features, plans: { free: { name: 'Free', features: { models: ['medium'] } } } })
  })

  it('an interval or unit of time that does not exist', () => {
    // @ts-expect-error there is no such usage interval
    allowance(5).per('decade')
    // @ts-expect-error plans are paid by month or year
    defineCatalog({ features, plans: { pro: { name: 'Pro', prices: { week: usd('9') }, features: {} } } })
    // @ts-expect-error gates count per second, minute, hour or day
    defineCatalog({ features, plans: { pro: { name: 'Pro', features: {}, gates: { apiCalls: ['100/year'] } } } })
  })

  it('a gate on a feature that is not metered', () => {
    // @ts-expect-error exports is a toggle
    defineCatalog({ features, plans: { pro: { name: 'Pro', features: {}, gates: { exports: ['100/minute'] } } } })
    // @ts-expect-error there is no such feature
    defineCatalog({ features, plans: { pro: { name: 'Pro', features: {}, gates: { apiCals: ['100/minute'] } } } })
  })

  it('what is for metered features where there are none', () => {
    const exports = { exports: toggle() }
    const free = { name: 'Free', default: true, features: { exports: true } }
    // @ts-expect-error exports is a toggle
    defineCatalog({ features: exports, plans: { free }, packs: { small: { name: 'Small', price: usd('5'), grants: { exports: 5 } } } })
    // @ts-expect-error exports is a toggle
    defineCatalog({ features: exports, plans: { free: { ...free, gates: { exports: ['100/minute'] } } } })
    defineCatalog({ features: exports, plans: { free: { ...free, gates: {} } }, packs: { small: { name: 'Small', price: usd('5'), grants: {} } } })
  })

  it('a setting of a plan that does not exist', () => {
    // @ts-expect-error trialDay is a typo
    defineCatalog({ features, plans: { pro: { name: 'Pro', trialDay: 14, features: {} } } })
    // @ts-expect-error prices are money, not numbers
    defineCatalog({ features, plans: { pro: { name: 'Pro', prices: { month: 29 }, features: {} } } })
  })

  it('a price, a tier or seats that cannot be', () => {
    defineCatalog({ features, plans: { pro: { name: 'Pro', prices: { month: [usd('9'), eur('8')] }, features: {} } } })
    defineCatalog({ features, plans: { pro: { name: 'Pro', prices: { month: perSeat([usd('9'), eur('8')], { minimum: 3 }) }, features: { seats: 'paid' } } } })
    // @ts-expect-error there is no such option
    perSeat(usd('9'), { least: 3 })
    // @ts-expect-error seats cost money, not numbers
    perSeat(9)
    // @ts-expect-error tiers count by volume or graduated
    tiers('stairs', [{ upTo: null, each: usd('9') }])
    // @ts-expect-error a tier says what each seat costs
    tiers('volume', [{ upTo: null, price: usd('9') }])
    // @ts-expect-error the end of a tier is a number, or null
    tiers('volume', [{ upTo: 'inf', each: usd('9') }])
    // @ts-expect-error seats are a number, unlimited() or 'paid'
    defineCatalog({ features, plans: { pro: { name: 'Pro', features: { seats: 'bought' } } } })
    // @ts-expect-error only seats can be as many as are paid for
    defineCatalog({ features, plans: { pro: { name: 'Pro', features: { apiCalls: 'paid' } } } })
  })

  it('overage on an unlimited allowance', () => {
    // @ts-expect-error nothing lies beyond it
    unlimited().overage(usd('0.10'))
  })
})
