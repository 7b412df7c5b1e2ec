import { type Catalog, defineCatalog, eur, gbp, perSeat, seats, tiers, usd } from '@farebox/core'
import { changesOf, planPush } from '@farebox/core/catalog'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { type PriceIds, applyStep } from './apply-step.ts'
import { describeStep } from './describe-step.ts'
import { readState } from './read-state.ts'

type Prices = Parameters<typeof defineCatalog<{ seats: ReturnType<typeof seats> }, 'free' | 'pro'>>[0]['plans']['pro']['prices']

function catalogOf(prices: NonNullable<Prices>): Catalog {
  return defineCatalog({
    features: { seats: seats() },
    plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices, features: {} } },
  })
}

interface Account {
  readonly stripe: Stripe
  /** How often something was written. */
  readonly writes: () => number
  /** Pushes and answers what was changed; planning again must find nothing. */
  readonly push: (prices: NonNullable<Prices>) => Promise<readonly string[]>
  readonly present: () => Promise<Stripe.Price | undefined>
}

function createAccount(): Account {
  const simulator = createStripeSimulator({})
  const httpClient = Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) => simulator.fetch(new Request(url, init)))
  const stripe = new Stripe('sk_test_prices', { httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  return {
    stripe,
    writes: () => simulator.state()['events'] ?? Number.NaN,
    async push(prices) {
      const catalog = catalogOf(prices)
      const steps = planPush(catalog, await readState(stripe, catalog))
      const ids: PriceIds = new Map()
      for (const step of steps) await applyStep(stripe, step, ids)
      expect(changesOf(planPush(catalog, await readState(stripe, catalog))).map(describeStep)).toEqual([])
      return changesOf(steps).filter(({ kind }) => kind === 'price').map(describeStep)
    },
    async present() {
      const listed = await stripe.prices.list({ lookup_keys: ['farebox_pro_month'], active: true, expand: ['data.currency_options', 'data.tiers'] })
      return listed.data[0]
    },
  }
}

const steps = [{ upTo: 10, each: [usd('9'), eur('8')] }, { upTo: null, each: [usd('7'), eur('6')] }]

it('makes one price of all currencies', async () => {
  const { push, present } = createAccount()
  expect(await push({ month: [usd('29'), eur('27'), gbp('25')] })).toEqual(['+ price    farebox_pro_month  29.00 USD, 27.00 EUR, 25.00 GBP per month'])
  const price = await present()
  expect(price).toMatchObject({ currency: 'usd', unit_amount: 2900, billing_scheme: 'per_unit', metadata: { farebox_plan: 'pro', farebox_interval: 'month' } })
  expect(Object.entries(price?.currency_options ?? {}).map(([code, option]) => [code, option.unit_amount])).toEqual([['usd', 2900], ['eur', 2700], ['gbp', 2500]])
})

it('makes tiers as Stripe has them, in every currency', async () => {
  const { push, present, stripe } = createAccount()
  expect(await push({ month: tiers('graduated', steps, { minimum: 2 }) })).toEqual([
    '+ price    farebox_pro_month  9.00 USD to 10 / 7.00 USD beyond, 8.00 EUR to 10 / 6.00 EUR beyond per month, graduated, at least 2',
  ])
  const price = await present()
  expect(price).toMatchObject({
    billing_scheme: 'tiered', tiers_mode: 'graduated', unit_amount: null, metadata: { farebox_minimum: '2' },
    tiers: [{ up_to: 10, unit_amount: 900 }, { up_to: null, unit_amount: 700 }],
  })
  const expanded = await stripe.prices.retrieve(price?.id ?? '', { expand: ['currency_options.eur.tiers'] })
  expect(expanded.currency_options?.['eur']?.tiers).toMatchObject([{ up_to: 10, unit_amount: 800 }, { up_to: null, unit_amount: 600 }])
})

const [first] = steps
const changed = [{ ...first!, upTo: 20 }, steps[1]!]
const euroChanged = [{ upTo: 10, each: [usd('9'), eur('7')] }, steps[1]!]
it.each<[string, NonNullable<Prices>, NonNullable<Prices>]>([
  ['an amount', { month: usd('29') }, { month: usd('39') }],
  ['a further currency', { month: usd('29') }, { month: [usd('29'), eur('27')] }],
  ['a currency less', { month: [usd('29'), eur('27')] }, { month: usd('29') }],
  ['an amount in a further currency', { month: [usd('29'), eur('27')] }, { month: [usd('29'), eur('28')] }],
  ['the usual currency', { month: [usd('29'), eur('27')] }, { month: [eur('27'), usd('29')] }],
  ['tiers instead of one price', { month: perSeat(usd('9')) }, { month: tiers('volume', [{ upTo: 5, each: usd('9') }, { upTo: null, each: usd('9') }]) }],
  ['the way tiers count', { month: tiers('volume', steps) }, { month: tiers('graduated', steps) }],
  ['the end of a tier', { month: tiers('volume', steps) }, { month: tiers('volume', changed) }],
  ['an amount of a tier in a further currency', { month: tiers('volume', steps) }, { month: tiers('volume', euroChanged) }],
  ['a tier more', { month: tiers('volume', steps) }, { month: tiers('volume', [first!, { ...changed[0]! }, steps[1]!]) }],
])('moves the lookup key to a new price when there is %s, and back to the former one', async (_, before, after) => {
  const { push, present, stripe, writes } = createAccount()
  await push(before)
  const former = await present()
  const [created, retired] = await push(after)
  expect(created).toContain('a new price takes over the lookup key')
  expect(retired).toContain(former?.id)
  expect(await stripe.prices.retrieve(former?.id ?? '')).toMatchObject({ active: false, lookup_key: null })
  expect((await push(before))[0]).toContain('is taken up again')
  expect((await present())?.id).toBe(former?.id)
  expect((await stripe.prices.list()).data).toHaveLength(2)
  const count = writes()
  expect(await push(before)).toEqual([])
  expect(writes()).toBe(count)
})

it('keeps the price where only the fewest seats change, for nothing of it is charged otherwise', async () => {
  const { push, present } = createAccount()
  await push({ month: perSeat(usd('12')) })
  const price = await present()
  expect(await push({ month: perSeat(usd('12'), { minimum: 3 }) })).toEqual([`~ price    farebox_pro_month  12.00 USD per month, at least 3: ${price?.id} is taken up again`])
  expect(await present()).toMatchObject({ id: price?.id, metadata: { farebox_minimum: '3' } })
  expect(await push({ month: perSeat(usd('12')) })).toHaveLength(1)
  expect((await present())?.metadata).toEqual({ farebox_plan: 'pro', farebox_interval: 'month' })
})

it('reads beyond the first page', async () => {
  const { push, stripe, present } = createAccount()
  await push({ month: usd('29') })
  const price = await present()
  for (let index = 0; index < 120; index += 1) {
    await stripe.prices.create({ product: 'farebox_pro', currency: 'usd', unit_amount: 100 + index, recurring: { interval: 'month' } })
  }
  expect(await push({ month: usd('29') })).toEqual([])
  expect((await present())?.id).toBe(price?.id)
})

it('takes no price for its own that costs more than a catalog can say', async () => {
  const { push, stripe, present } = createAccount()
  await push({ month: perSeat(usd('9')) })
  const product = 'farebox_pro'
  const theirs = await stripe.prices.create({
    product, currency: 'usd', recurring: { interval: 'month' }, billing_scheme: 'tiered', tiers_mode: 'volume', lookup_key: 'farebox_pro_month', transfer_lookup_key: true,
    tiers: [{ up_to: 10, unit_amount: 900, flat_amount: 500 }, { up_to: 'inf', unit_amount: 700 }], metadata: { farebox_plan: 'pro', farebox_interval: 'month' },
  })
  expect((await push({ month: tiers('volume', [{ upTo: 10, each: usd('9') }, { upTo: null, each: usd('7') }]) }))[0]).toContain(`(${theirs.id})`.slice(1, -1))
  expect((await present())?.id).not.toBe(theirs.id)
})

it.each([
  ['three months', { recurring: { interval: 'month', interval_count: 3 } }],
  ['ten seats', { transform_quantity: { divide_by: 10, round: 'up' } }],
  ['a part of a cent in another currency', { currency_options: { eur: { unit_amount_decimal: '90.5' } } }],
])('takes no price for its own that is paid for %s', async (_name, terms) => {
  const { push, stripe, present } = createAccount()
  await push({ month: usd('5') })
  const metadata = { farebox_plan: 'pro', farebox_interval: 'month' }
  const usual = { product: 'farebox_pro', currency: 'usd', unit_amount: 900, recurring: { interval: 'month' }, lookup_key: 'farebox_pro_month', transfer_lookup_key: true, metadata } as const
  // The package puts no decimal of its own type into a map of currencies.
  await stripe.rawRequest('POST', '/v1/prices', { ...usual, ...terms })
  const theirs = await present()
  await push({ month: usd('9') })
  expect((await present())?.id).not.toBe(theirs?.id)
  expect((await stripe.prices.retrieve(theirs?.id ?? '')).active).toBe(false)
})

it.each<[string, Stripe.BillingPortal.ConfigurationUpdateParams.Features]>([
  ['end a subscription', { subscription_cancel: { enabled: false } }],
  ['change one', { subscription_update: { enabled: false } }],
])('lets people %s in the portal again, where somebody has taken that away', async (_name, features) => {
  const { push, stripe } = createAccount()
  await push({ month: usd('9') })
  const [portal] = (await stripe.billingPortal.configurations.list()).data
  await stripe.billingPortal.configurations.update(portal?.id ?? '', { features })
  await push({ month: usd('9') })
  expect((await stripe.billingPortal.configurations.retrieve(portal?.id ?? '')).features).toMatchObject({ subscription_cancel: { enabled: true }, subscription_update: { enabled: true } })
})
