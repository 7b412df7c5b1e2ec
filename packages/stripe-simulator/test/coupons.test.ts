import type { Stripe } from 'stripe'
import { describe, expect, test } from 'vitest'
import { idOf, onlySubscription, openCheckout, refusalOf, startSimulator, type RunningSimulator } from './running-simulator.ts'

const september: number = Date.UTC(2026, 8, 1)

interface Shop extends RunningSimulator {
  readonly price: (amount: number, currencies?: Record<string, number>) => Promise<Stripe.Price>
  readonly customer: () => Promise<string>
  readonly totals: (subscription: string) => Promise<number[]>
}

/** What coupons do is told on https://docs.stripe.com/billing/subscriptions/coupons. */
async function inSeptember(): Promise<Shop> {
  const running = await startSimulator({ clock: { now: september, mode: 'frozen' } })
  const { stripe } = running
  return {
    ...running,
    price: (unit_amount, currencies = {}) =>
      stripe.prices.create({
        currency: 'usd',
        unit_amount,
        recurring: { interval: 'month' },
        product_data: { name: `Plan ${unit_amount}` },
        currency_options: Object.fromEntries(Object.entries(currencies).map(([currency, amount]) => [currency, { unit_amount: amount }])),
      }),
    customer: async () =>
      (await stripe.customers.create({ payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } })).id,
    totals: async (subscription) => {
      const { data } = await stripe.invoices.list({ subscription, limit: 100 })
      return data.map(({ total }) => total).toReversed()
    },
  }
}

describe('how long a coupon lasts', () => {
  const table: [string, Stripe.CouponCreateParams, number[]][] = [
    ['once', { percent_off: 25, duration: 'once' }, [1500, 2000, 2000, 2000, 2000]],
    ['three months', { percent_off: 25, duration: 'repeating', duration_in_months: 3 }, [1500, 1500, 1500, 2000, 2000]],
    ['forever', { percent_off: 25, duration: 'forever' }, [1500, 1500, 1500, 1500, 1500]],
    ['an amount, twice', { amount_off: 500, currency: 'usd', duration: 'repeating', duration_in_months: 2 }, [1500, 1500, 2000, 2000, 2000]],
    ['more than there is', { amount_off: 5000, currency: 'usd', duration: 'once' }, [0, 2000, 2000, 2000, 2000]],
    // 2000 x 12.5 % = 250; 2000 x 33.33 % = 666.6
    ['an eighth', { percent_off: 12.5, duration: 'forever' }, [1750, 1750, 1750, 1750, 1750]],
    ['33.33 percent', { percent_off: 33.33, duration: 'once' }, [1333, 2000, 2000, 2000, 2000]],
    ['all of it', { percent_off: 100, duration: 'once' }, [0, 2000, 2000, 2000, 2000]],
  ]
  for (const [name, given, totals] of table) {
    test(`lasts as it says: ${name}`, async () => {
      const shop = await inSeptember()
      const coupon = await shop.stripe.coupons.create(given)
      const price = await shop.price(2000)
      const subscription = await shop.stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: price.id }], discounts: [{ coupon: coupon.id }] })
      expect(subscription.status).toBe('active')
      for (const next of totals.slice(1)) {
        expect((await shop.stripe.invoices.createPreview({ subscription: subscription.id })).total).toBe(next)
        shop.simulator.clock.advance({ months: 1 })
      }
      expect(await shop.totals(subscription.id)).toEqual(totals)
      const left = (await shop.stripe.subscriptions.retrieve(subscription.id)).discounts.length
      expect(left).toBe(given.duration === 'forever' ? 1 : 0)
      expect((await shop.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1)
    })
  }

  test('once waits for the end of a trial', async () => {
    const shop = await inSeptember()
    const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 50, duration: 'once' })
    const price = await shop.price(2000)
    const subscription = await shop.stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: price.id }], discounts: [{ coupon }], trial_period_days: 7 })
    shop.simulator.clock.advance({ days: 7 })
    shop.simulator.clock.advance({ months: 1 })
    expect(await shop.totals(subscription.id)).toEqual([0, 1000, 2000])
  })
})

describe('what a coupon takes off', () => {
  test('is said on each line and in total, with the coupon in the source of the discount', async () => {
    const shop = await inSeptember()
    const [first, second, third] = [await shop.price(1000), await shop.price(1000), await shop.price(1000)]
    const coupon = await shop.stripe.coupons.create({ amount_off: 1000, currency: 'usd', duration: 'once' })
    const subscription = await shop.stripe.subscriptions.create({
      customer: await shop.customer(),
      items: [first, second, third].map(({ id }) => ({ price: id })),
      discounts: [{ coupon: coupon.id }],
    })
    const invoice = await shop.stripe.invoices.retrieve(idOf(subscription.latest_invoice), { expand: ['discounts.source.coupon'] })
    // 1000 over three equal lines: 333.33 each, the odd cent to the first
    expect(invoice.lines.data.map(({ amount, discount_amounts }) => [amount, discount_amounts?.map((off) => off.amount)])).toEqual([[1000, [334]], [1000, [333]], [1000, [333]]])
    expect(invoice).toMatchObject({ subtotal: 3000, total: 2000, amount_paid: 2000 })
    expect(invoice.total_discount_amounts?.map(({ amount }) => amount)).toEqual([1000])
    expect(invoice.discounts).toMatchObject([{ object: 'discount', subscription: subscription.id, source: { type: 'coupon', coupon: { id: coupon.id, amount_off: 1000 } } }])
    const { data } = await shop.stripe.events.list({ type: 'customer.discount.*' })
    expect(data.map(({ type }) => type)).toEqual(['customer.discount.deleted', 'customer.discount.created'])
  })

  test('keeps to the products that it applies to', async () => {
    const shop = await inSeptember()
    const [plan, extra] = [await shop.price(3000), await shop.price(700)]
    const coupon = await shop.stripe.coupons.create({ percent_off: 50, duration: 'forever', applies_to: { products: [idOf(extra.product)] }, expand: ['applies_to'] })
    expect(coupon.applies_to).toEqual({ products: [extra.product] })
    const subscription = await shop.stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: plan.id }, { price: extra.id }], discounts: [{ coupon: coupon.id }] })
    expect(await shop.totals(subscription.id)).toEqual([3350])
  })

  test('is taken of what an earlier discount has left', async () => {
    const shop = await inSeptember()
    const amount = await shop.stripe.coupons.create({ amount_off: 500, currency: 'usd', duration: 'forever' })
    const percent = await shop.stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const price = await shop.price(2500)
    const subscription = await shop.stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: price.id }], discounts: [{ coupon: amount.id }, { coupon: percent.id }] })
    // (2500 - 500) x 90 %
    expect(await shop.totals(subscription.id)).toEqual([1800])
  })

  test('is its amount in the currency of the subscription', async () => {
    const shop = await inSeptember()
    const coupon = await shop.stripe.coupons.create({ amount_off: 500, currency: 'usd', currency_options: { eur: { amount_off: 400 } }, duration: 'once' })
    const price = await shop.price(2000, { eur: 1900, gbp: 1700 })
    const create = async (currency: string): Promise<Stripe.Subscription> =>
      shop.stripe.subscriptions.create({ customer: await shop.customer(), currency, items: [{ price: price.id }], discounts: [{ coupon: coupon.id }] })
    const euros = await create('eur')
    expect(euros.currency).toBe('eur')
    expect(await shop.totals(euros.id)).toEqual([1500])
    expect((await refusalOf(create('gbp'))).param).toBe('discounts[0][coupon]')
  })

  test('counts in prorations: what was paid is credited, what is charged is discounted', async () => {
    const shop = await inSeptember()
    const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const [ten, twenty] = [await shop.price(1000), await shop.price(2000)]
    const subscription = await shop.stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: ten.id }], discounts: [{ coupon }] })
    shop.simulator.clock.advance({ days: 15 })
    const items = [{ id: String(subscription.items.data[0]?.id), price: twenty.id }]
    await shop.stripe.subscriptions.update(subscription.id, { items, proration_behavior: 'always_invoice' })
    const [invoice] = (await shop.stripe.invoices.list({ subscription: subscription.id })).data
    // September has 30 days: half of the 5.00 that were paid, half of 10.00
    expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([-250, 500])
    expect(invoice?.total).toBe(250)
  })
})

test('discounts are added to and taken from a running subscription', async () => {
  const shop = await inSeptember()
  const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
  const price = await shop.price(2000)
  const { id } = await shop.stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: price.id }] })
  const added = await shop.stripe.subscriptions.update(id, { discounts: [{ coupon }], expand: ['discounts'] })
  shop.simulator.clock.advance({ months: 1 })
  const discount = String(Object(added.discounts[0]).id)
  await shop.stripe.subscriptions.update(id, { discounts: [{ discount }] })
  shop.simulator.clock.advance({ months: 1 })
  expect((await shop.stripe.subscriptions.update(id, { discounts: '' })).discounts).toEqual([])
  shop.simulator.clock.advance({ months: 1 })
  expect(await shop.totals(id)).toEqual([2000, 1000, 1000, 2000])
})

describe('a coupon or code that cannot be redeemed', () => {
  test('coupons end, are used up, are deleted', async () => {
    const shop = await inSeptember()
    const price = await shop.price(2000)
    const take = async (coupon: string): Promise<Stripe.Subscription> =>
      shop.stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: price.id }], discounts: [{ coupon }] })
    const single = await shop.stripe.coupons.create({ id: 'ONE', percent_off: 10, duration: 'once', max_redemptions: 1 })
    const brief = await shop.stripe.coupons.create({ percent_off: 10, duration: 'once', redeem_by: september / 1000 + 60 })
    const gone = await shop.stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const kept = await take(gone.id)
    await take(single.id)
    shop.simulator.clock.advance({ minutes: 1 })
    await shop.stripe.coupons.del(gone.id)
    for (const { id } of [single, brief]) {
      expect(await refusalOf(take(id))).toMatchObject({ statusCode: 400, code: 'coupon_expired', param: 'discounts[0][coupon]' })
      expect((await shop.stripe.coupons.retrieve(id)).valid).toBe(false)
    }
    expect(await refusalOf(take(gone.id))).toMatchObject({ code: 'resource_missing', param: 'discounts[0][coupon]' })
    expect((await refusalOf(shop.stripe.coupons.retrieve(gone.id))).statusCode).toBe(404)
    shop.simulator.clock.advance({ months: 1 })
    expect(await shop.totals(kept.id)).toEqual([1800, 1800])
  })

  test('coupons that cannot be are refused by name', async () => {
    const { stripe } = await inSeptember()
    const cases: [Stripe.CouponCreateParams, string | undefined, string][] = [
      [{ duration: 'once' }, undefined, 'percent_off'],
      [{ percent_off: 5, amount_off: 5, currency: 'usd' }, undefined, 'percent_off'],
      [{ percent_off: 101 }, undefined, 'percent_off'],
      [{ amount_off: 5 }, 'parameter_missing', 'currency'],
      [{ percent_off: 5, duration: 'repeating' }, 'parameter_missing', 'duration_in_months'],
      [{ percent_off: 5, duration: 'once', duration_in_months: 2 }, undefined, 'duration_in_months'],
      [{ percent_off: 5, redeem_by: 5 }, undefined, 'redeem_by'],
      [{ percent_off: 5, applies_to: { products: ['prod_none'] } }, 'resource_missing', 'applies_to[products][0]'],
    ]
    for (const [given, code, param] of cases) {
      const refusal = await refusalOf(stripe.coupons.create(given))
      expect({ given, code: refusal.code, param: refusal.param }).toEqual({ given, code, param })
    }
  })

  test('promotion codes keep to their restrictions', async () => {
    const shop = await inSeptember()
    const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const price = await shop.price(2000)
    const customer = await shop.customer()
    const promise = (given: Partial<Stripe.PromotionCodeCreateParams>): Promise<Stripe.PromotionCode> =>
      shop.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, ...given })
    const take = (promotion_code: string, of = customer): Promise<Stripe.Subscription> =>
      shop.stripe.subscriptions.create({ customer: of, items: [{ price: price.id }], discounts: [{ promotion_code }] })
    const welcome = await promise({ code: 'WELCOME', restrictions: { first_time_transaction: true } })
    const large = await promise({ restrictions: { minimum_amount: 2001, minimum_amount_currency: 'usd' } })
    const others = await promise({ customer: await shop.customer() })
    const single = await promise({ max_redemptions: 1 })
    expect((await refusalOf(promise({ code: 'welcome' }))).code).toBe('resource_already_exists')
    const { discounts } = await take(welcome.id)
    expect(discounts).toHaveLength(1)
    expect((await refusalOf(take(welcome.id))).message).toBe('This promotion code cannot be redeemed because the associated customer has prior transactions.')
    expect((await refusalOf(take(large.id))).message).toContain('below the minimum of $20.01')
    expect((await refusalOf(take(others.id))).message).toContain('another customer')
    await take(single.id)
    expect((await shop.stripe.promotionCodes.retrieve(single.id)).active).toBe(false)
    expect((await refusalOf(take(single.id))).message).toContain('inactive')
    expect((await shop.stripe.promotionCodes.list({ code: 'Welcome', active: true })).data.map(({ id }) => id)).toEqual([welcome.id])
  })
})

describe('in a checkout session', () => {
  test('a discount is in its totals, on its lines and on the subscription', async () => {
    const shop = await inSeptember()
    const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 25, duration: 'once' })
    const price = await shop.price(2000)
    const { customer, session } = await openCheckout(shop.stripe, price.id, { discounts: [{ coupon }] })
    expect(session).toMatchObject({ amount_subtotal: 2000, amount_total: 1500, total_details: { amount_discount: 500 }, discounts: [{ coupon, promotion_code: null }] })
    expect((await shop.stripe.checkout.sessions.listLineItems(session.id)).data[0]).toMatchObject({ amount_discount: 500, amount_total: 1500 })
    shop.simulator.completeCheckout(session.id)
    const subscription = await onlySubscription(shop.stripe, customer.id)
    expect(await shop.totals(subscription.id)).toEqual([1500])
    const { data } = await shop.stripe.events.list({ type: 'customer.discount.created' })
    expect(data[0]?.data.object).toMatchObject({ checkout_session: session.id, subscription: subscription.id })
    const both = await refusalOf(openCheckout(shop.stripe, price.id, { discounts: [{ coupon }], allow_promotion_codes: true }))
    expect(both.code).toBe('parameters_exclusive')
  })

  test('the person enters a promotion code where that is allowed', async () => {
    const shop = await inSeptember()
    const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    await shop.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon }, code: 'HALF' })
    const price = await shop.price(2000)
    const open = await openCheckout(shop.stripe, price.id, { allow_promotion_codes: true })
    expect(() => shop.simulator.completeCheckout(open.session.id, { promotionCode: 'NONE' })).toThrow('This code is invalid.')
    shop.simulator.completeCheckout(open.session.id, { promotionCode: 'half' })
    expect(await shop.stripe.checkout.sessions.retrieve(open.session.id)).toMatchObject({ status: 'complete', amount_total: 1000, total_details: { amount_discount: 1000 } })
    expect(await shop.totals((await onlySubscription(shop.stripe, open.customer.id)).id)).toEqual([1000])
    const closed = await openCheckout(shop.stripe, price.id)
    expect(() => shop.simulator.completeCheckout(closed.session.id, { promotionCode: 'HALF' })).toThrow('takes no promotion codes')
  })

  test('is in the currency that was asked for', async () => {
    const shop = await inSeptember()
    const price = await shop.price(2000, { eur: 1900 })
    const { customer, session } = await openCheckout(shop.stripe, price.id, { currency: 'eur' })
    expect(session).toMatchObject({ currency: 'eur', amount_total: 1900 })
    shop.simulator.completeCheckout(session.id)
    const subscription = await onlySubscription(shop.stripe, customer.id)
    expect(subscription.currency).toBe('eur')
    expect(await shop.totals(subscription.id)).toEqual([1900])
    expect((await refusalOf(openCheckout(shop.stripe, price.id, { currency: 'gbp' }))).param).toBe('line_items')
  })
})

describe('previews', () => {
  test('have the discounts that they ask for; nothing is redeemed', async () => {
    const shop = await inSeptember()
    const { stripe } = shop
    const [own, other] = [await stripe.coupons.create({ percent_off: 10, duration: 'forever' }), await stripe.coupons.create({ amount_off: 300, currency: 'usd', duration: 'once' })]
    const price = await shop.price(2000)
    const { id } = await stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: price.id }], discounts: [{ coupon: own.id }] })
    const total = async (discounts?: Stripe.InvoiceCreatePreviewParams['discounts']): Promise<number> =>
      (await stripe.invoices.createPreview({ subscription: id, ...(discounts !== undefined && { discounts }) })).total
    const before = await stripe.events.list()
    expect(await total()).toBe(1800)
    expect(await total('')).toBe(2000)
    expect(await total([{ coupon: other.id }])).toBe(1700)
    // 2000 less 10 %, less 300
    expect(await total([{ coupon: own.id }, { coupon: other.id }])).toBe(1500)
    expect((await refusalOf(total([{ coupon: 'none' }]))).param).toBe('discounts[0][coupon]')
    expect((await stripe.coupons.retrieve(other.id)).times_redeemed).toBe(0)
    expect(await stripe.events.list()).toEqual(before)
  })

  test('of what recurs have no prorations and nothing that is pending', async () => {
    const shop = await inSeptember()
    const { stripe } = shop
    const [small, large] = [await shop.price(2000), await shop.price(5000)]
    const subscription = await stripe.subscriptions.create({ customer: await shop.customer(), items: [{ price: small.id }] })
    shop.simulator.clock.advance({ days: 10 })
    const items = [{ id: subscription.items.data[0]?.id ?? '', price: large.id }]
    const amounts = async (preview_mode: 'next' | 'recurring'): Promise<number[]> =>
      (await stripe.invoices.createPreview({ subscription: subscription.id, preview_mode, subscription_details: { items, proration_behavior: 'always_invoice' } })).lines.data.map(({ amount }) => amount)
    // 20 of 30 days are left: -2000 x 2/3 and 5000 x 2/3
    expect(await amounts('next')).toEqual([-1333, 3333])
    expect(await amounts('recurring')).toEqual([5000])
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
    expect((await stripe.invoices.createPreview({ subscription: subscription.id, preview_mode: 'recurring' })).total).toBe(2000)
  })
})
