import { type Catalog, allowance, defineCatalog, eur, metered, perSeat, seats, toggle, usd } from '@farebox/core'
import { type PortalState, type PriceState, type ProductState, type PushState, changesOf, planPush } from '@farebox/core/catalog'
import { describe, expect, it } from 'vitest'
import { describeStep } from './describe-step.ts'

const catalog: Catalog = defineCatalog({
  features: { calls: metered({ unit: 'call' }), exports: toggle() },
  plans: {
    free: { name: 'Free', default: true, features: { calls: allowance(5).per('month') } },
    pro: { name: 'Pro', prices: { month: usd('29'), year: usd('290') }, features: { exports: true } },
    enterprise: { name: 'Enterprise', contactSales: true, prices: { year: usd('9000') }, features: { exports: true } },
  },
})

const nothing: PushState = { products: [], prices: [], portal: null }
const pro: ProductState = { id: 'farebox_pro', name: 'Pro', description: null, active: true, metadata: { farebox_plan: 'pro' } }
const enterprise: ProductState = { ...pro, id: 'farebox_enterprise', name: 'Enterprise', metadata: { farebox_plan: 'enterprise' } }
const month = priceOf('pro', 'month', 2900)
const year = priceOf('pro', 'year', 29000)
const big = priceOf('enterprise', 'year', 900000)
const portal: PortalState = {
  id: 'bpc_1', active: true, cancelsAtPeriodEnd: true, switchesPrices: true, changesQuantity: false,
  offers: [{ product: pro.id, prices: [year.id, month.id], minimum: null }],
  later: ['shortening_interval', 'decreasing_item_amount'], proration: 'always_invoice',
}
const right: PushState = { products: [pro, enterprise], prices: [month, year, big], portal }

function priceOf(plan: string, interval: 'month' | 'year', amount: number, changed: Partial<PriceState> = {}): PriceState {
  return {
    id: `price_${plan}_${interval}`, product: `farebox_${plan}`, active: true, lookupKey: `farebox_${plan}_${interval}`, currency: 'usd',
    amounts: { usd: amount }, tiersMode: null, interval, metadata: { farebox_plan: plan, farebox_interval: interval }, ...changed,
  }
}

function changes(state: PushState, wanted = catalog, installation?: string): readonly string[] {
  return changesOf(planPush(wanted, state, installation)).map(describeStep)
}

/** The first step of a push to an account that has only these products. */
function taken(...products: readonly ProductState[]): unknown {
  return planPush(catalog, { ...nothing, products })[0]
}

describe('planPush', () => {
  it('makes everything where there is nothing, in an order in which it can be made', () => {
    expect(changes(nothing)).toEqual([
      '+ product  farebox_pro  Pro',
      '+ product  farebox_enterprise  Enterprise',
      '+ price    farebox_pro_month  29.00 USD per month',
      '+ price    farebox_pro_year  290.00 USD per year',
      '+ price    farebox_enterprise_year  9000.00 USD per year',
      '+ portal   switch among farebox_pro; cancel at the end of the period',
    ])
  })

  it('takes up no price that a person made, though it costs the same', () => {
    const theirs = { ...month, id: 'price_theirs', lookupKey: null, metadata: {} }
    expect(changes({ ...right, prices: [theirs, year, big] })[0]).toBe('+ price    farebox_pro_month  29.00 USD per month')
    const otherInterval = { ...theirs, metadata: { farebox_plan: 'pro', farebox_interval: 'week' } }
    expect(changes({ ...right, prices: [otherInterval, year, big] })[0]).toBe('+ price    farebox_pro_month  29.00 USD per month')
  })

  it('changes nothing where all is right', () => {
    expect(planPush(catalog, right).map((step) => step.action)).toEqual(Array.from({ length: 6 }, () => 'same'))
  })

  it('replaces a price of another amount, and offers the new one before the old one is retired', () => {
    const before = { ...month, amounts: { usd: 1900 } }
    expect(changes({ ...right, prices: [before, year, big] })).toEqual([
      '~ price    farebox_pro_month  29.00 USD per month, was 19.00 USD (price_pro_month): a new price takes over the lookup key',
      '~ portal   switch among farebox_pro; cancel at the end of the period',
      '- price    price_pro_month (pro, per month) is no longer sold; subscriptions that have it go on',
    ])
  })

  it.each<[string, Partial<PriceState>]>([
    ['currency', { currency: 'eur' }],
    ['interval', { interval: 'year' }],
    ['product', { product: 'prod_other' }],
    ['amount that has no whole number', { amounts: null }],
  ])('replaces a price of another %s', (_, changed) => {
    const steps = changesOf(planPush(catalog, { ...right, prices: [{ ...month, ...changed }, year, big] }))
    expect(steps.map(({ action, kind }) => `${action} ${kind}`)).toEqual(['create price', 'change portal', 'retire price'])
  })

  it('retires what gave up its lookup key, also where a person had made it', () => {
    const theirs = { ...month, amounts: { usd: 1900 }, metadata: {} }
    const steps = changesOf(planPush(catalog, { ...right, prices: [theirs, year, big] }))
    expect(steps.map(({ action, kind }) => `${action} ${kind}`)).toEqual(['create price', 'change portal', 'retire price'])
  })

  it('takes up a former price that is still sold before one that is not', () => {
    const holder = { ...month, amounts: { usd: 1900 } }
    const [retired, sold] = [{ ...month, id: 'price_1', lookupKey: null, active: false }, { ...month, id: 'price_2', lookupKey: null }]
    const steps = changesOf(planPush(catalog, { ...right, prices: [holder, retired, sold, year, big] }))
    expect(steps.flatMap((step) => (step.kind === 'price' && 'id' in step ? [`${step.action} ${step.id}`] : []))).toEqual(['change price_2', `retire ${month.id}`])
  })

  it('takes up a former price again rather than making a third', () => {
    const former = { ...month, id: 'price_former', lookupKey: null, active: false }
    const present = { ...month, amounts: { usd: 1900 } }
    expect(changes({ ...right, prices: [present, former, year, big] })[0])
      .toBe('~ price    farebox_pro_month  29.00 USD per month: price_former is taken up again')
  })

  it('finishes what an earlier push left: a former price that is still sold, a price without its key or metadata', () => {
    const former = { ...month, id: 'price_former', lookupKey: null, amounts: { usd: 1900 } }
    expect(changes({ ...right, prices: [month, former, year, big] }))
      .toEqual(['- price    price_former (pro, per month) is no longer sold; subscriptions that have it go on'])
    for (const changed of [{ active: false }, { metadata: {} }]) {
      expect(changes({ ...right, prices: [{ ...month, ...changed }, year, big] }))
        .toEqual(['~ price    farebox_pro_month  29.00 USD per month: price_pro_month is taken up again'])
    }
    expect(changes({ ...right, prices: [{ ...month, lookupKey: null }, year, big] }))
      .toEqual(['~ price    farebox_pro_month  29.00 USD per month: price_pro_month is taken up again'])
  })

  it('retires the price of an interval that the catalog dropped', () => {
    const monthly = defineCatalog({
      features: {}, plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices: { month: usd('29') }, features: {} } },
    })
    expect(changes({ ...right, products: [pro], prices: [month, year] }, monthly)).toEqual([
      '~ portal   switch among farebox_pro; cancel at the end of the period',
      '- price    price_pro_year (pro, per year) is no longer sold; subscriptions that have it go on',
    ])
  })

  it.each<[string, Partial<ProductState>]>([
    ['name', { name: 'Professional' }], ['active', { active: false }], ['metadata', { metadata: {} }],
  ])('corrects a product\'s %s', (field, changed) => {
    expect(changes({ ...right, products: [{ ...pro, ...changed }, enterprise] })).toEqual([`~ product  farebox_pro  Pro (${field})`])
  })

  it('finds a product by metadata under another id, and never by name', () => {
    const elsewhere = { ...pro, id: 'prod_1' }
    const prices = [month, year].map((price) => ({ ...price, product: 'prod_1' }))
    const state = { ...right, products: [elsewhere, enterprise], prices: [...prices, big], portal: { ...portal, offers: [{ product: 'prod_1', prices: [month.id, year.id], minimum: null }] } }
    expect(changes(state)).toEqual([])
    expect(changes({ ...nothing, products: [{ ...pro, id: 'prod_2', metadata: {} }] })[0]).toBe('+ product  farebox_pro  Pro')
  })

  it('takes, of several products of a plan, the one with the id that it gives, then one that is on sale', () => {
    const retired = { ...pro, id: 'prod_1', active: false }
    const sold = { ...pro, id: 'prod_2' }
    expect(taken(retired, sold)).toMatchObject({ action: 'same', target: { id: 'prod_2' } })
    expect(taken(sold, { ...pro, active: false })).toMatchObject({ action: 'change', fields: ['active'], target: { id: pro.id } })
  })

  it('leaves a description that the catalog does not give, and corrects one that it does', () => {
    const described: ProductState = { ...pro, description: 'Written in the dashboard' }
    expect(changes({ ...right, products: [described, enterprise] })).toEqual([])
    const wanted = defineCatalog({
      features: {}, plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', description: 'New', prices: { month: usd('29'), year: usd('290') }, features: {} } },
    })
    expect(changes({ ...right, products: [described] }, wanted)).toEqual(['~ product  farebox_pro  Pro (description)'])
  })

  it('leaves the product of a plan that is gone to a person, and says so', () => {
    const gone = { ...pro, id: 'farebox_gold', metadata: { farebox_plan: 'gold' } }
    const steps = planPush(catalog, { ...right, products: [pro, enterprise, gone] })
    expect(changesOf(steps)).toEqual([])
    expect(steps.at(-1)).toEqual({ action: 'leave', kind: 'product', id: 'farebox_gold', plan: 'gold' })
    const putAway = planPush(catalog, { ...right, products: [pro, enterprise, { ...gone, active: false }] })
    expect(putAway.filter(({ action }) => action === 'leave')).toEqual([])
  })

  it.each<[string, Partial<PortalState>]>([
    ['is inactive', { active: false }],
    ['cancels at once', { cancelsAtPeriodEnd: false }],
    ['does not switch', { switchesPrices: false }],
    ['offers too little', { offers: [{ product: pro.id, prices: [month.id], minimum: null }] }],
    ['offers what is not for everybody', { offers: [...portal.offers, { product: enterprise.id, prices: [big.id], minimum: null }] }],
    ['lets people change a quantity', { changesQuantity: true }],
    ['sells seats of what is not paid by seat', { offers: [{ product: pro.id, prices: [month.id, year.id], minimum: 1 }] }],
    ['takes less at once', { later: [] }],
    ['settles with the next invoice', { proration: 'create_prorations' }],
  ])('corrects a portal that %s', (_, changed) => {
    expect(changes({ ...right, portal: { ...portal, ...changed } })).toEqual(['~ portal   switch among farebox_pro; cancel at the end of the period'])
  })

  it('has the portal change subscriptions as the catalog does, and sell no fewer seats', () => {
    const wanted = defineCatalog({
      features: { seats: seats() },
      plans: {
        free: { name: 'Free', default: true, features: {} },
        team: { name: 'Team', prices: { month: perSeat(usd('12'), { minimum: 3 }), year: perSeat(usd('120'), { minimum: 2 }) }, features: { seats: 'paid' } },
      },
      moves: { upgrade: { proration: 'next-invoice' }, downgrade: { when: 'now' } },
    })
    expect(planPush(wanted, nothing).find(({ kind }) => kind === 'portal')).toMatchObject({
      target: {
        offers: [{ product: 'farebox_team', prices: ['farebox_team_month', 'farebox_team_year'], minimum: 3 }],
        later: ['shortening_interval'], proration: 'create_prorations',
      },
    })
  })

  it('sells in the portal no fewer seats than any interval does', () => {
    const wanted = defineCatalog({
      features: { seats: seats() },
      plans: {
        free: { name: 'Free', default: true, features: {} },
        team: { name: 'Team', prices: { month: perSeat(usd('12'), { minimum: 2 }), year: perSeat(usd('120'), { minimum: 5 }) }, features: { seats: 'paid' } },
      },
    })
    expect(planPush(wanted, nothing).find(({ kind }) => kind === 'portal')).toMatchObject({ target: { offers: [{ minimum: 5 }] } })
  })

  it('keeps two installations of one account apart', () => {
    expect(changes(right, catalog, 'shop').slice(0, 3)).toEqual([
      '+ product  farebox_shop_pro  Pro',
      '+ product  farebox_shop_enterprise  Enterprise',
      '+ price    farebox_shop_pro_month  29.00 USD per month',
    ])
    const theirs = { ...pro, id: 'farebox_shop_gold', metadata: { farebox_plan: 'gold', farebox_installation: 'shop' } }
    expect(planPush(catalog, { ...right, products: [pro, enterprise, theirs] }).filter((step) => step.action !== 'same')).toEqual([])
  })

  it('has a portal without switching where nothing is for sale', () => {
    const free = defineCatalog({ features: {}, plans: { free: { name: 'Free', default: true, features: {} } } })
    expect(changes(nothing, free)).toEqual(['+ portal   no plans to switch to; cancel at the end of the period'])
    expect(changes({ ...nothing, portal: { ...portal, switchesPrices: false, offers: [] } }, free)).toEqual([])
  })

  it('prints money as its currency has it', () => {
    const cheap = defineCatalog({
      features: {},
      plans: { free: { name: 'Free', default: true, features: {} }, pro: { name: 'Pro', prices: { year: eur('0.5') }, features: {} } },
    })
    expect(changes(nothing, cheap)[1]).toBe('+ price    farebox_pro_year  0.50 EUR per year')
  })
})
