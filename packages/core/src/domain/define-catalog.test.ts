import { describe, expect, it } from 'vitest'
import type { Fault } from '../errors/error.ts'
import { isFareboxError } from '../errors/error.ts'
import { allowance, unlimited } from './allowance.ts'
import { defineCatalog } from './define-catalog.ts'
import { metered, seats, setting, toggle } from './feature.ts'
import { eur, money, usd } from './money.ts'
import { perSeat, tiers } from './price.ts'

const features = {
  apiCalls: metered({ unit: 'call' }),
  exports: toggle(),
  models: setting<('small' | 'large')[]>(),
  seats: seats(),
}
const free = { name: 'Free', default: true, features: {} }

/** Asks as a file in plain JavaScript would: nothing is known of the input. */
function faultsOf(input: unknown): readonly Fault[] {
  try {
    const define: (input: never) => unknown = defineCatalog
    define(input as never)
  } catch (error) {
    if (isFareboxError(error) && error.code === 'invalid-catalog') return error.faults
    throw error
  }
  return []
}

function pathsOf(input: unknown): readonly string[] {
  return faultsOf(input).map((fault) => fault.path)
}

function withPlan(plan: object): object {
  return { features, plans: { free, pro: { name: 'Pro', features: {}, ...plan } } }
}

describe('defineCatalog', () => {
  const catalog = defineCatalog({
    features,
    plans: {
      free: { name: 'Free', default: true, features: { apiCalls: allowance(5).per('month'), models: ['small'] } },
      pro: {
        name: 'Pro',
        description: 'For teams',
        prices: { month: usd('29'), year: usd('290') },
        trialDays: 14,
        recommended: true,
        features: { apiCalls: allowance(500).per('month').overage(usd('0.10')), exports: true, seats: 5 },
        gates: { apiCalls: ['100/minute'] },
      },
      enterprise: { name: 'Enterprise', contactSales: true, features: { apiCalls: unlimited(), seats: unlimited() } },
    },
  })

  it('ranks plans in the order they are written', () => {
    expect(catalog.planList.map((plan) => [plan.key, plan.rank])).toEqual([['free', 0], ['pro', 1], ['enterprise', 2]])
    expect(catalog.defaultPlan).toBe(catalog.plans.free)
  })

  it('parses terms, prices and gates', () => {
    expect(catalog.plans.pro).toEqual({
      key: 'pro',
      name: 'Pro',
      description: 'For teams',
      isDefault: false,
      rank: 1,
      prices: {
        month: { amounts: [{ currency: 'usd', minor: '2900' }], perSeat: false, minimum: 1, tiers: null },
        year: { amounts: [{ currency: 'usd', minor: '29000' }], perSeat: false, minimum: 1, tiers: null },
      },
      trialDays: 14,
      trialRequiresCard: true,
      recommended: true,
      contactSales: false,
      features: {
        apiCalls: { kind: 'metered', amount: 500, interval: 'month', overagePrice: { currency: 'usd', minor: '10' } },
        exports: { kind: 'toggle', on: true },
        seats: { kind: 'seats', amount: 5 },
      },
      gates: { apiCalls: [{ id: '100/minute', limit: 100, period: 60_000, burst: 100 }] },
    })
    expect(catalog.plans.enterprise.features).toEqual({
      apiCalls: { kind: 'metered', amount: null, interval: 'month', overagePrice: null },
      seats: { kind: 'seats', amount: null },
    })
  })

  it('parses prices in several currencies, by seat and by tiers', () => {
    const [dollars, euros] = [{ currency: 'usd', minor: '900' }, { currency: 'eur', minor: '800' }]
    const { plans } = defineCatalog({
      features,
      plans: {
        free,
        pro: { name: 'Pro', prices: { month: [usd('9'), eur('8')] }, features: {} },
        team: { name: 'Team', prices: { month: perSeat([usd('9'), eur('8')], { minimum: 3 }), year: perSeat([usd('9'), eur('8')]) }, features: { seats: 'paid' } },
        scale: { name: 'Scale', prices: { month: tiers('volume', [{ upTo: 10, each: usd('9') }, { upTo: null, each: usd('0') }]) }, features: {} },
      },
    })
    expect(plans.pro.prices.month).toEqual({ amounts: [dollars, euros], perSeat: false, minimum: 1, tiers: null })
    expect(plans.team.prices.month).toEqual({ amounts: [dollars, euros], perSeat: true, minimum: 3, tiers: null })
    expect(plans.team.prices.year).toEqual({ amounts: [dollars, euros], perSeat: true, minimum: 1, tiers: null })
    expect(plans.team.features).toEqual({ seats: { kind: 'seats', amount: null, paid: true } })
    expect(plans.scale.prices.month).toEqual({
      amounts: [dollars], perSeat: true, minimum: 1,
      tiers: { mode: 'volume', steps: [{ upTo: 10, amounts: [dollars] }, { upTo: null, amounts: [{ currency: 'usd', minor: '0' }] }] },
    })
  })

  it.each([undefined, null, false])('takes no leases where they are %s', (lease) => {
    // What a condition answers in plain JavaScript.
    const { features: { calls } } = defineCatalog({ features: { calls: metered({ unit: 'call', lease: lease as never }) }, plans: { free } })
    expect(calls.lease).toBeNull()
  })

  it('is frozen to the bottom', () => {
    const open = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && (!Object.isFrozen(value) || Object.values(value).some(open))
    expect(open(catalog)).toBe(false)
  })

  it('finds nothing under names that every object has', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(Reflect.get(catalog.plans, name)).toBeUndefined()
      expect(Reflect.get(catalog.features, name)).toBeUndefined()
      expect(Reflect.get(catalog.plans.pro.features, name)).toBeUndefined()
    }
  })

  it('does not change when what it was made of changes', () => {
    const models = ['small']
    const made = defineCatalog({
      features: { models: setting<string[]>() },
      plans: { free: { name: 'Free', default: true, features: { models } } },
    })
    models.push('large')
    expect(made.plans.free.features['models']).toEqual({ kind: 'setting', value: ['small'] })
  })

  it('takes a lifecycle, in days', () => {
    const { lifecycle } = defineCatalog({
      features, plans: { free }, lifecycle: { graceDays: 3, access: { unpaid: 'grace', paused: 'full' } },
    })
    expect(lifecycle.grace).toBe(3 * 86_400_000)
    expect(lifecycle.access).toMatchObject({ unpaid: 'grace', paused: 'full', active: 'full', canceled: 'none' })
  })
})

describe('a catalog that is wrong', () => {
  it('tells all its faults at once', () => {
    expect(pathsOf({
      features: { ...features, Calls: toggle(), tokens: { kind: 'metered', onError: 'deny', unit: '' } },
      plans: {
        free: { name: '', features: { apiCals: true, tokens: 5 } },
        pro: { name: 'Pro', prices: { month: usd('0') }, trialDays: 731, features: { exports: 1 } },
      },
      lifecycle: { access: { canceled: 'full' } },
    })).toEqual([
      'features.Calls', 'features.tokens.unit', 'plans.free.name', 'plans.free.features.apiCals', 'plans.pro.prices.month',
      'plans.pro.trialDays', 'plans.pro.features.exports', 'plans', 'lifecycle.access.canceled',
    ])
  })

  it.each([undefined, null, 5, 'text', [], () => 1, new Date(0), new Map()])('is not an object: %s', (input) => {
    expect(pathsOf(input)).toContain('')
  })

  it.each([
    ['no features', { plans: { free } }, 'features'],
    ['no plans', { features }, 'plans'],
    ['no default plan', { features, plans: { pro: { name: 'Pro', features: {} } } }, 'plans'],
    ['two default plans', { features, plans: { free, also: { ...free } } }, 'plans'],
    ['an unknown setting', { features, plans: { free }, plan: {} }, 'plan'],
    ['a plan that is no object', { features, plans: { free, pro: null } }, 'plans.pro'],
    ['a feature of no kind', { features: { apiCalls: { unit: 'call' } }, plans: { free } }, 'features.apiCalls'],
    ['a feature that fails neither way', { features: { a: { kind: 'toggle', onError: 'maybe' } }, plans: { free } }, 'features.a.onError'],
    ['an unknown anchor', { features: { a: { ...features.apiCalls, anchor: 'moon' } }, plans: { free } }, 'features.a.anchor'],
    ['an unknown status', { features, plans: { free }, lifecycle: { access: { late: 'full' } } }, 'lifecycle.access.late'],
    ['an unknown rule', { features, plans: { free }, lifecycle: { access: { unpaid: 'maybe' } } }, 'lifecycle.access.unpaid'],
    ['grace of half a day', { features, plans: { free }, lifecycle: { graceDays: 0.5 } }, 'lifecycle.graceDays'],
  ])('has %s', (_, input, path) => {
    expect(pathsOf(input)).toEqual([path])
  })

  it.each([
    'Free', '1st', '', 'a b', 'a.b', 'a:b', 'a_b', 'é', 'a'.repeat(65), 'constructor', 'toString', 'hasOwnProperty',
  ])('has a name that cannot be: %s', (name) => {
    expect(pathsOf({ features: { ...features, [name]: toggle() }, plans: { free } })).toEqual([`features.${name}`])
    expect(pathsOf({ features, plans: { free, [name]: { name: 'Pro', features: {} } } })).toEqual([`plans.${name}`])
  })

  it('has __proto__ for a name, as JSON can', () => {
    expect(pathsOf(JSON.parse('{"features":{"__proto__":{}},"plans":{"free":{"name":"Free","default":true,"features":{}}}}')))
      .toEqual(['features.__proto__'])
  })

  const each = usd('9')
  it.each<[string, object, string]>([
    ['no currency', { month: [] }, 'prices.month'],
    ['a currency twice', { month: [usd('29'), usd('28')] }, 'prices.month'],
    ['a second price that is a number', { month: [usd('29'), 27] }, 'prices.month.1'],
    ['a second price of nothing', { month: [usd('29'), eur('0')] }, 'prices.month.1'],
    ['other currencies by the year', { month: [usd('29'), eur('27')], year: usd('290') }, ''],
    ['another usual currency by the year', { month: [usd('29'), eur('27')], year: [eur('270'), usd('290')] }, ''],
    ['a seat of half a cent', { month: perSeat(usd('0.005')) }, 'prices.month'],
    ['a seat that is a number', { month: { ...perSeat(each), tiers: [{ upTo: null, each: 9 }] } }, 'prices.month'],
    ['steps that are not yen', { month: perSeat([each, money('0.005', 'bhd')]) }, 'prices.month.1'],
    ['no minimum of seats', { month: perSeat(each, { minimum: 0 }) }, 'prices.month.minimum'],
    ['a minimum of half a seat', { month: perSeat(each, { minimum: 1.5 }) }, 'prices.month.minimum'],
    ['a minimum past what is sold', { month: perSeat(each, { minimum: 1_000_001 }) }, 'prices.month.minimum'],
    ['tiers that count in no known way', { month: { ...tiers('volume', [{ upTo: null, each }]), mode: 'stairs' } }, 'prices.month.mode'],
    ['no tiers', { month: tiers('volume', []) }, 'prices.month'],
    ['tiers that are no list', { month: { ...perSeat(each), mode: 'volume', tiers: 5 } }, 'prices.month'],
    ['a tier that is a number', { month: { ...perSeat(each), mode: 'volume', tiers: [5, { upTo: null, each }] } }, 'prices.month.tiers.0'],
    ['a typo in a tier', { month: { ...perSeat(each), mode: 'volume', tiers: [{ upTo: null, each, to: 1 }] } }, 'prices.month.tiers.0.to'],
    ['tiers that end', { month: tiers('volume', [{ upTo: 5, each }]) }, 'prices.month.tiers.0.upTo'],
    ['a tier behind the last', { month: tiers('volume', [{ upTo: null, each }, { upTo: null, each }]) }, 'prices.month.tiers.0.upTo'],
    ['tiers that go down', { month: tiers('volume', [{ upTo: 5, each }, { upTo: 5, each }, { upTo: null, each }]) }, 'prices.month.tiers.1.upTo'],
    ['a tier in another currency', { month: tiers('volume', [{ upTo: 5, each }, { upTo: null, each: eur('8') }]) }, ''],
    ['tiers that cost nothing', { month: tiers('volume', [{ upTo: 5, each: usd('0') }, { upTo: null, each: usd('0') }]) }, 'prices.month'],
  ])('has a price with %s', (_, prices, path) => {
    expect(new Set(pathsOf(withPlan({ prices })))).toEqual(new Set([path === '' ? 'plans.pro' : `plans.pro.${path}`]))
  })

  it.each<[string, object]>([
    ['nothing is sold', {}],
    ['not every price is by seat', { prices: { month: perSeat(each), year: usd('90') } }],
  ])('has seats that are paid for where %s', (_, plan) => {
    expect(pathsOf(withPlan({ ...plan, features: { seats: 'paid' } }))).toEqual(['plans.pro.features.seats'])
  })

  const cycle: unknown[] = []
  cycle.push(cycle)
  it.each<[string, object, string]>([
    ['a typo in a setting', { trialDay: 14 }, 'trialDay'],
    ['no name', { name: undefined }, 'name'],
    ['a name of blanks', { name: '  ' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(251) }, 'name'],
    ['an empty description', { description: '' }, 'description'],
    ['a recommendation in words', { recommended: 'yes' }, 'recommended'],
    ['a price that is a number', { prices: { month: 29 } }, 'prices.month'],
    ['a price of nothing', { prices: { month: usd('0.00') } }, 'prices.month'],
    ['a price of half a cent', { prices: { month: usd('0.005') } }, 'prices.month'],
    ['a price made by hand', { prices: { month: { currency: 'USD', minor: '2900' } } }, 'prices.month'],
    ['a negative price', { prices: { month: { currency: 'usd', minor: '-1' } } }, 'prices.month'],
    ['a price per week', { prices: { week: usd('9') } }, 'prices.week'],
    ['a trial of half a day', { prices: { month: usd('29') }, trialDays: 0.5 }, 'trialDays'],
    ['a negative trial', { prices: { month: usd('29') }, trialDays: -1 }, 'trialDays'],
    ['a trial of three years', { prices: { month: usd('29') }, trialDays: 731 }, 'trialDays'],
    ['a trial of what is free', { trialDays: 14 }, 'trialDays'],
    ['two currencies', { prices: { month: usd('29'), year: eur('290') } }, ''],
    ['two currencies with overage', { prices: { month: usd('29') }, features: { apiCalls: allowance(1).per('day').overage(eur('1')) } }, ''],
    ['no features', { features: undefined }, 'features'],
    ['a toggle that is a number', { features: { exports: 1 } }, 'features.exports'],
    ['a metered feature that is true', { features: { apiCalls: true } }, 'features.apiCalls'],
    ['an allowance without interval', { features: { apiCalls: allowance(5) } }, 'features.apiCalls'],
    ['an allowance per decade', { features: { apiCalls: { ...unlimited(), interval: 'decade' } } }, 'features.apiCalls.per'],
    ['a negative allowance', { features: { apiCalls: allowance(-1).per('day') } }, 'features.apiCalls.allowance'],
    ['half an allowance', { features: { apiCalls: allowance(0.5).per('day') } }, 'features.apiCalls.allowance'],
    ['no number for an allowance', { features: { apiCalls: allowance(Number.NaN).per('day') } }, 'features.apiCalls.allowance'],
    // As JSON has a number that is none.
    ['null for an allowance, which is not unlimited', { features: { apiCalls: allowance(null as never).per('day') } }, 'features.apiCalls.allowance'],
    ['an allowance past what counts exactly', { features: { apiCalls: allowance(2 ** 53).per('day') } }, 'features.apiCalls.allowance'],
    ['overage for nothing', { features: { apiCalls: allowance(5).per('day').overage(usd('0')) } }, 'features.apiCalls.overage'],
    ['overage beyond unlimited', { features: { apiCalls: { ...unlimited(), overagePrice: usd('1') } } }, 'features.apiCalls.overage'],
    ['seats per month', { features: { seats: allowance(5).per('month') } }, 'features.seats'],
    ['half a seat', { features: { seats: 0.5 } }, 'features.seats'],
    ['a setting that is a function', { features: { models: () => 1 } }, 'features.models'],
    ['a setting that is a date', { features: { models: [new Date(0)] } }, 'features.models.0'],
    ['a setting that is no number', { features: { models: { top: Number.NaN } } }, 'features.models.top'],
    ['a setting that is a big integer', { features: { models: 1n } }, 'features.models'],
    ['a setting with a hole', { features: { models: [undefined] } }, 'features.models.0'],
    ['a gate in words', { features: { apiCalls: unlimited() }, gates: { apiCalls: ['often'] } }, 'gates.apiCalls.0'],
    ['gates that are no list', { features: { apiCalls: unlimited() }, gates: { apiCalls: '1/minute' } }, 'gates.apiCalls'],
    ['a gate on a toggle', { features: { exports: true }, gates: { exports: ['1/minute'] } }, 'gates.exports'],
    ['a gate on an unknown feature', { gates: { apiCals: ['1/minute'] } }, 'gates.apiCals'],
    ['a gate on a feature it lacks', { gates: { apiCalls: ['1/minute'] } }, 'gates.apiCalls'],
    [
      'the same gate twice',
      { features: { apiCalls: unlimited() }, gates: { apiCalls: ['5/minute', { limit: 5, per: 'minute' }] } },
      'gates.apiCalls.1',
    ],
  ])('has a plan with %s', (_, plan, path) => {
    expect(pathsOf(withPlan(plan))).toEqual([path === '' ? 'plans.pro' : `plans.pro.${path}`])
  })

  it('has a setting that never ends', () => {
    expect(faultsOf(withPlan({ features: { models: cycle } }))).toHaveLength(1)
  })

  it.each<[object, string]>([
    [{ prices: { month: usd('1') } }, 'plans.free.prices'],
    [{ contactSales: true }, 'plans.free.contactSales'],
  ])('has a default plan that is not for everybody', (settings, path) => {
    expect(pathsOf({ features, plans: { free: { ...free, ...settings } } })).toEqual([path])
  })
})
