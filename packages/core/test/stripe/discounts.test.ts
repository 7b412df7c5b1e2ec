import { expect, it } from 'vitest'
import { isFareboxError } from '../../src/errors/error.ts'
import { startCheckout } from '../../src/use-cases/checkout/start-checkout.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { addresses, customer } from './plans.ts'
import { type PriceWorld, buy, createPriceWorld } from './price-world.ts'
import { paymentCustomerOf } from './scene.ts'

/** A quarter off for three months, under the code SPRING25. */
async function createSpring(world: PriceWorld, details: object = {}): Promise<string> {
  const coupon = await world.client.coupons.create({ name: 'Spring', percent_off: 25, duration: 'repeating', duration_in_months: 3 })
  const made = await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'SPRING25', ...details })
  return made.id
}

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(() => 'nothing was wrong', (reason: unknown) => reason)
  return isFareboxError(error) ? { code: error.code, reason: error.reason, paths: error.faults.map(({ path }) => path) } : error
}

const refused = { code: 'invalid-request', reason: 'promotion-code-refused', paths: ['promotionCode'] }

it('takes a code as people write it, and shows what it takes off and until when', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await createSpring(world)
  const session = await buy(world, farebox, { customer, plan: 'pro', promotionCode: 'spring25' })
  expect(session).toMatchObject({ amount_subtotal: 2900, amount_total: 2175, allow_promotion_codes: null })
  // 29.00 less a quarter, 7.25.
  expect((await world.client.invoices.list()).data.map(({ total, status }) => [total, status])).toEqual([[2175, 'paid']])
  await convergeCustomer(farebox, customer)
  const discounts = [{ name: 'Spring', percentOff: 25, amountOff: null, once: false, until: '2026-04-30T10:00:00.000Z' }]
  expect((await getSnapshot(farebox, { customer })).subscription).toMatchObject({ discounts })
  // Three seats of 12.00 less a quarter: 27.00 from the next period on.
  expect(await previewPlanChange(farebox, { customer, plan: 'team' })).toMatchObject({ next: { subtotal: 3600, discount: 900, total: 2700 } })
  world.simulator.clock.advance({ to: Date.UTC(2026, 3, 30, 10) })
  await convergeCustomer(farebox, customer)
  expect((await getSnapshot(farebox, { customer })).subscription).toMatchObject({ discounts: [] })
})

it.each([
  ['known to have paid', true, 'once', {}],
  ['not known to have paid yet', false, 'once', { max_redemptions: 1 }],
  ['whose code goes on', false, 'repeating', { max_redemptions: 1 }],
] as const)('tells who asks again for what was paid with a code that it is there, and no other purchase (%s)', async (_, isKnown, duration, details) => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const coupon = await world.client.coupons.create({ percent_off: 50, duration, ...(duration === 'repeating' && { duration_in_months: 3 }) })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF', ...details })
  const asked = { customer, plan: 'pro', interval: 'month', promotionCode: 'HALF', ...addresses } as const
  await buy(world, farebox, asked)
  if (isKnown) await convergeCustomer(farebox, customer)
  expect(await refusalOf(startCheckout(farebox, asked))).toEqual({ code: 'already-subscribed', reason: undefined, paths: [] })
  expect(await subscribe(farebox, asked)).toEqual({ kind: 'unchanged', plan: 'pro' })
  const later = duration === 'once' ? refused : 'nothing was wrong'
  expect(await refusalOf(subscribe(farebox, { ...asked, plan: 'team' }))).toEqual(later)
  world.simulator.clock.advance({ days: 2 })
  expect(await refusalOf(subscribe(farebox, asked))).toEqual(later)
  expect(await refusalOf(subscribe(farebox, { ...asked, customer: 'user_2' }))).toEqual('max_redemptions' in details ? refused : 'nothing was wrong')
})

it('shows an amount off, for one invoice', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const coupon = await world.client.coupons.create({ amount_off: 500, currency: 'usd', duration: 'once' })
  const code = await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'FIVE' })
  await buy(world, farebox, { customer, plan: 'pro', promotionCode: code.id })
  expect((await world.client.invoices.list()).data.map(({ total }) => total)).toEqual([2400])
  const paymentCustomer = (await convergeCustomer(farebox, customer), await paymentCustomerOf(world, customer))
  expect((await getSnapshot(farebox, { customer })).subscription?.discounts).toEqual([])
  const [subscription] = (await world.client.subscriptions.list({ customer: paymentCustomer })).data
  await world.client.subscriptions.update(subscription?.id ?? '', { discounts: [{ coupon: coupon.id }] })
  await convergeCustomer(farebox, customer)
  expect((await getSnapshot(farebox, { customer })).subscription?.discounts).toEqual([
    { name: null, percentOff: null, amountOff: { amount: 500, currency: 'usd' }, once: true, until: null },
  ])
})

it('shows an amount off in the currency that is billed', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const coupon = await world.client.coupons.create({ amount_off: 500, currency: 'usd', currency_options: { eur: { amount_off: 450 } }, duration: 'forever' })
  const code = await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'FIVE' })
  await buy(world, farebox, { customer, plan: 'pro', promotionCode: code.id, currency: 'eur' })
  expect((await world.client.invoices.list()).data.map(({ total, currency }) => [total, currency])).toEqual([[2250, 'eur']])
  await convergeCustomer(farebox, customer)
  expect((await getSnapshot(farebox, { customer })).subscription?.discounts).toMatchObject([{ amountOff: { amount: 450, currency: 'eur' } }])
})

it.each([
  ['is not known', {}, 'WINTER'],
  ['was put out of use', { active: false }, 'SPRING25'],
])('refuses a code that %s, before anything is made', async (_, details, promotionCode) => {
  const world = await createPriceWorld()
  await createSpring(world, details)
  expect(await refusalOf(subscribe(world.process(), { customer, plan: 'pro', promotionCode, ...addresses }))).toEqual(refused)
  expect((await world.client.customers.list()).data).toEqual([])
})

it('refuses a code that has expired', async () => {
  const world = await createPriceWorld()
  await createSpring(world, { expires_at: Math.floor(world.clock.now() / 1000) + 60 })
  world.simulator.clock.advance({ hours: 1 })
  expect(await refusalOf(subscribe(world.process(), { customer, plan: 'pro', promotionCode: 'SPRING25', ...addresses }))).toEqual(refused)
})

it('refuses a code that is for somebody else or for more, and sells without it afterwards', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const other = await world.client.customers.create({})
  const theirs = await createSpring(world, { customer: other.id })
  const click = { customer, plan: 'pro', ...addresses }
  expect(await refusalOf(subscribe(farebox, { ...click, promotionCode: 'SPRING25' }))).toEqual(refused)
  await world.client.promotionCodes.update(theirs, { active: false })
  await createSpring(world, { restrictions: { minimum_amount: 5000, minimum_amount_currency: 'usd' } })
  expect(await refusalOf(subscribe(farebox, { ...click, promotionCode: 'SPRING25' }))).toEqual(refused)
  // Five seats are 60.00, which is enough: 45.00 with a quarter off.
  await buy(world, farebox, { customer, plan: 'team', quantity: 5, promotionCode: 'SPRING25' })
  expect((await world.client.invoices.list()).data.map(({ total }) => total)).toEqual([4500])
  const [coupon] = (await world.client.coupons.list()).data
  const restrictions = { minimum_amount: 5000, minimum_amount_currency: 'usd' }
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon?.id ?? '' }, code: 'LARGE25', restrictions })
  expect(await refusalOf(subscribe(farebox, { ...click, promotionCode: 'LARGE25' }))).toEqual(refused)
})

it('begins no code anew that is there: it ends when it would have, after a change of plan too', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  await createSpring(world)
  await buy(world, farebox, { customer, plan: 'team', quantity: 5, promotionCode: 'SPRING25' })
  world.simulator.clock.advance({ months: 1 })
  expect(await subscribe(farebox, { customer, plan: 'pro', promotionCode: 'SPRING25', ...addresses })).toMatchObject({ kind: 'scheduled' })
  world.simulator.clock.advance({ to: Date.UTC(2026, 2, 31, 12) })
  await convergeCustomer(farebox, customer)
  // 29.00 less a quarter.
  expect((await world.client.invoices.list()).data[0]).toMatchObject({ total: 2175 })
  expect((await getSnapshot(farebox, { customer })).subscription?.discounts).toMatchObject([{ until: '2026-04-30T10:00:00.000Z' }])
})

it('takes at the next click what Stripe refused before its reason was mended', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const coupon = await world.client.coupons.create({ amount_off: 500, currency: 'usd', duration: 'once' })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'FIVE' })
  const click = { customer, plan: 'pro', currency: 'eur', promotionCode: 'FIVE' }
  expect(await refusalOf(subscribe(farebox, { ...click, ...addresses }))).toEqual(refused)
  await world.client.coupons.update(coupon.id, { currency_options: { eur: { amount_off: 400 } } })
  await buy(world, farebox, click)
  expect((await world.client.invoices.list()).data.map(({ total, currency }) => [total, currency])).toEqual([[2300, 'eur']])
})

it('asks for what the options say, and keeps out of them what it decides itself', async () => {
  const world = await createPriceWorld()
  await createSpring(world)
  const checkout = {
    allowPromotionCodes: true, automaticTax: true, taxIdCollection: true, billingAddressCollection: 'required', phoneNumberCollection: true,
    termsOfService: 'required', locale: 'de',
  } as const
  const asked = await buy(world, world.processWith(checkout), { customer, plan: 'pro' })
  expect(asked).toMatchObject({
    mode: 'subscription', allow_promotion_codes: true, automatic_tax: { enabled: true }, tax_id_collection: { enabled: true },
    billing_address_collection: 'required', phone_number_collection: { enabled: true }, consent_collection: { terms_of_service: 'required' }, locale: 'de',
  })
  // Stripe takes a code that applies by itself or lets people type one in, never both.
  const coded = await buy(world, world.processWith(checkout), { customer: 'user_2', plan: 'pro', promotionCode: 'SPRING25' })
  expect(coded).toMatchObject({ allow_promotion_codes: null, amount_total: 2175, automatic_tax: { enabled: true } })
})
