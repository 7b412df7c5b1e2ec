import { type Catalog, allowance, defineCatalog, eur, metered, perSeat, seats, tiers, usd } from '@farebox/core'
import { type PushState, type PushStep, changesOf, compareCatalogs, planPush, pushedState } from '@farebox/core/catalog'
import { createStripeSimulator } from '@farebox/stripe-simulator'
import { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { applyStep } from './apply-step.ts'
import { readState } from './read-state.ts'

type Input = Parameters<typeof defineCatalog<{ calls: ReturnType<typeof metered>; team: ReturnType<typeof seats> }, string, string>>[0]

function catalogOf(plans: Input['plans'], packs: NonNullable<Input['packs']> = {}): Catalog {
  const features = { calls: metered({ unit: 'call' }), team: seats() }
  return defineCatalog({ features, plans: { free: { name: 'Free', default: true, features: { calls: allowance(5).per('month') } }, ...plans }, packs })
}

const pro = { name: 'Pro', prices: { month: usd('29'), year: usd('290') }, features: {} }
const boost = { name: 'Boost', price: usd('10'), grants: { calls: 100 } }
const steps = [{ upTo: 10, each: [usd('9'), eur('8')] }, { upTo: null, each: [usd('7'), eur('6')] }]

const catalogs: Readonly<Record<string, Catalog>> = {
  nothing: catalogOf({}),
  'one plan': catalogOf({ pro }),
  'another price, name and description': catalogOf({ pro: { ...pro, name: 'Plus', description: 'More', prices: { month: usd('39') } } }),
  'further currencies, tiers and a minimum': catalogOf({
    pro: { ...pro, prices: { month: [usd('29'), eur('27')] } },
    team: { name: 'Team', prices: { month: tiers('volume', steps, { minimum: 2 }), year: perSeat([usd('90'), eur('80')]) }, features: { team: 'paid' } },
  }),
  'a plan on request and packs': catalogOf({ pro, max: { name: 'Max', contactSales: true, prices: { year: usd('9000') }, features: {} } }, { boost }),
  'another pack': catalogOf({ pro }, { boost: { ...boost, name: 'Big boost', price: [usd('20'), eur('18')] } }),
}

async function accountWith(catalog: Catalog, installation?: string): Promise<Stripe> {
  const simulator = createStripeSimulator({})
  const httpClient = Stripe.createFetchHttpClient((url: RequestInfo | URL, init?: RequestInit) => simulator.fetch(new Request(url, init)))
  const stripe = new Stripe('sk_test_compare', { httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  const prices = new Map<string, string>()
  for (const step of planPush(catalog, await readState(stripe, catalog, installation), installation)) await applyStep(stripe, step, prices, installation)
  return stripe
}

/** Without the ids that Stripe gave, and in an order of their own: Stripe lists the newest first. */
function comparable(found: readonly unknown[], { prices, portal }: PushState): readonly string[] {
  const names = new Map([...prices.map(({ id, lookupKey }) => [id, `price_${lookupKey ?? ''}`] as const), [portal?.id ?? '', 'portal']])
  return found.map((item) => JSON.stringify(item, (_, value: unknown) => {
    if (typeof value === 'string') return names.get(value) ?? value
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(sortedEntries(value)) : value
  })).toSorted()
}

describe.each(Object.entries(catalogs))('where %s was pushed', (_, from) => {
  test.each(Object.entries(catalogs))('a comparison with %s tells the steps of the real push', async (_name, to) => {
    for (const installation of [undefined, 'shop']) {
      const stripe = await accountWith(from, installation)
      const state = await readState(stripe, to, installation)
      const real: readonly PushStep[] = planPush(to, state, installation)
      expect(comparable(compareCatalogs(from, to, installation), state)).toEqual(comparable(real, state))
      expect(changesOf(real).length > 0).toBe(from !== to)
    }
  })

  test('its account is told as Stripe tells it', async () => {
    const state = await readState(await accountWith(from), from)
    const told = pushedState(from)
    const sorted = (given: PushState): unknown => {
      const prices = given.prices.map(({ metadata, ...price }) => ({ ...price, metadata: withoutEmpty(metadata) }))
      const portal = given.portal && { ...given.portal, id: 'portal', offers: comparable(given.portal.offers, state) }
      return { products: comparable(given.products, state), prices: comparable(prices, state), portal }
    }
    expect(sorted(told)).toEqual(sorted(state))
  })
})

function sortedEntries(record: object): readonly (readonly [string, unknown])[] {
  return Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1))
}

/** An empty text in an update removes an entry of metadata; it is not kept. */
function withoutEmpty(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== ''))
}
