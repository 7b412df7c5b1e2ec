import { type Catalog, type PackInput, defineCatalog, eur, gbp, metered, usd } from '@farebox/core'
import { changesOf, planPush } from '@farebox/core/catalog'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { beforeEach, expect, it } from 'vitest'
import { applyStep } from './apply-step.ts'
import { describeStep } from './describe-step.ts'
import { readState } from './read-state.ts'

const boost: PackInput<'apiCalls'> = { name: 'Boost', price: [usd('10'), eur('9')], grants: { apiCalls: 1000 } }

function catalogOf(packs: Readonly<Record<string, PackInput<'apiCalls'>>>): Catalog {
  return defineCatalog({
    features: { apiCalls: metered({ unit: 'call' }) },
    plans: { free: { name: 'Free', default: true, features: {} } },
    packs,
  })
}

let stripe: Stripe

beforeEach(() => {
  const simulator = createStripeSimulator()
  const fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => simulator.fetch(new Request(url, init))
  stripe = new Stripe('sk_test_packs', { httpClient: Stripe.createFetchHttpClient(fetch), host: 'stripe.test', protocol: 'http', telemetry: false })
})

/** Pushes, and answers what was changed of the packs; a second push changes nothing. */
async function push(packs: Readonly<Record<string, PackInput<'apiCalls'>>>, installation?: string): Promise<readonly string[]> {
  const catalog = catalogOf(packs)
  const steps = planPush(catalog, await readState(stripe, catalog, installation), installation)
  const prices = new Map<string, string>()
  for (const step of steps) await applyStep(stripe, step, prices, installation)
  expect(changesOf(planPush(catalog, await readState(stripe, catalog, installation), installation))).toEqual([])
  return changesOf(steps).filter(({ kind }) => kind === 'pack').map(describeStep)
}

it('makes a product and a one-time price in every currency', async () => {
  expect(await push({ boost })).toEqual(['+ pack     farebox-pack_boost  Boost, 10.00 USD, 9.00 EUR once'])
  const { data: [price] } = await stripe.prices.list({ lookup_keys: ['farebox-pack_boost'], expand: ['data.currency_options'] })
  expect(price).toMatchObject({
    type: 'one_time', unit_amount: 1000, product: 'farebox-pack_boost', metadata: { farebox_pack: 'boost' },
    currency_options: { eur: { unit_amount: 900 } },
  })
})

it('has a new price take over where the amount changes, takes up an old one again, and retires what is no longer sold', async () => {
  await push({ boost })
  const dearer = { ...boost, price: [usd('12'), eur('11')] }
  const before = (await stripe.prices.list({ active: true })).data[0]?.id
  expect(await push({ boost: dearer })).toEqual([
    '~ pack     farebox-pack_boost  Boost, 12.00 USD, 11.00 EUR once',
    `- pack     ${before} (boost) is no longer sold; what was bought stays`,
  ])
  await push({ boost })
  expect((await stripe.prices.list({ active: true })).data.map(({ id }) => id)).toEqual([before])
  await push({ boost: { ...boost, name: 'Big boost' } })
  expect(await stripe.products.retrieve('farebox-pack_boost')).toMatchObject({ name: 'Big boost' })
  await push({})
  expect((await stripe.prices.list({ active: true })).data).toEqual([])
})

it('puts a product on sale again that somebody has archived', async () => {
  await push({ boost })
  await stripe.products.update('farebox-pack_boost', { active: false })
  expect((await push({ boost })).map((line) => line[0])).toEqual(['~'])
  expect(await stripe.products.retrieve('farebox-pack_boost')).toMatchObject({ active: true })
})

it.each([
  ['one currency less', [usd('10')]],
  ['one currency more', [usd('10'), eur('9'), gbp('8')]],
  ['another usual currency', [eur('9'), usd('10')]],
])('has a new price take over for %s', async (_, price) => {
  await push({ boost })
  expect((await push({ boost: { ...boost, price } })).map((line) => line[0])).toEqual(['~', '-'])
  const { data } = await stripe.prices.list({ active: true, expand: ['data.currency_options'] })
  expect(data.map(({ currency, currency_options }) => [currency, ...Object.keys(currency_options ?? {}).filter((code) => code !== currency)])).toEqual([price.map(({ currency }) => currency)])
})

it('takes up no price that would be paid each month', async () => {
  const metadata = { farebox_pack: 'boost' }
  const { id: product } = await stripe.products.create({ id: 'farebox-pack_boost', name: 'Boost', metadata })
  const monthly = await stripe.prices.create({
    product, currency: 'usd', unit_amount: 1000, currency_options: { eur: { unit_amount: 900 } }, recurring: { interval: 'month' }, lookup_key: 'farebox-pack_boost', metadata,
  })
  await push({ boost })
  const { data: [price] } = await stripe.prices.list({ lookup_keys: ['farebox-pack_boost'] })
  expect(price).toMatchObject({ type: 'one_time', unit_amount: 1000 })
  expect((await stripe.prices.retrieve(monthly.id)).active).toBe(false)
})

it('keeps to its own installation, and to packs where a plan has the same key', async () => {
  await push({ boost }, 'one')
  expect(await push({ boost }, 'two')).toHaveLength(1)
  await push({}, 'two')
  const { data } = await stripe.prices.list({ active: true })
  expect(data.map(({ lookup_key }) => lookup_key)).toEqual(['farebox-pack_one_boost'])
})

/** The keys of the packs, or the paths of what is wrong with them. */
function outcomeOf(given: object): unknown {
  try {
    return Object.keys(catalogOf(JSON.parse(JSON.stringify({ boost: { ...boost, ...given } }))).packs)
  } catch (error) {
    return Object(error).faults.map(({ path }: { path: string }) => path)
  }
}

it('checks packs with the catalog', () => {
  expect(outcomeOf({})).toEqual(['boost'])
  expect(outcomeOf({ name: '', grants: {}, expiresAfterDays: 0, refunds: 'maybe', price: null, extra: 1 })).toEqual([
    'packs.boost.extra', 'packs.boost.price', 'packs.boost.name', 'packs.boost.grants', 'packs.boost.expiresAfterDays', 'packs.boost.refunds',
  ])
  expect(outcomeOf({ grants: { apiCall: 1, apiCalls: 0.5 } })).toEqual(['packs.boost.grants.apiCall', 'packs.boost.grants.apiCalls'])
})
