import type { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { isFareboxError } from '../../src/errors/error.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { finishOperation } from '../../src/use-cases/payments/finish-operation.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { addresses, customer } from './plans.ts'
import { type PriceWorld, buy, createPriceWorld } from './price-world.ts'
import { paymentCustomerOf } from './scene.ts'
import { clientOf } from './world.ts'

const click = { customer, ...addresses }
const refused = { code: 'invalid-request', reason: 'promotion-code-refused', paths: ['promotionCode'] }

interface Scene {
  readonly world: PriceWorld
  readonly farebox: Context
}

/** A customer who has paid for `plan`. */
async function begin(plan: string, quantity?: number): Promise<Scene> {
  const world = await createPriceWorld()
  const farebox = world.process()
  await buy(world, farebox, { customer, plan, ...(quantity !== undefined && { quantity }) })
  await convergeCustomer(farebox, customer)
  return { world, farebox }
}

/** So many percent off for good, under a code. */
async function createCode({ world }: Scene, code: string, percent: number, details: object = {}): Promise<string> {
  const coupon = await world.client.coupons.create({ name: code, percent_off: percent, duration: 'forever' })
  return (await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code, ...details })).id
}

async function liveOf({ world }: Scene): Promise<Stripe.Subscription> {
  const [found] = (await world.client.subscriptions.list()).data
  if (found === undefined) throw new Error('There is no subscription')
  return found
}

async function namesOf({ farebox }: Scene): Promise<readonly (string | null)[] | undefined> {
  await convergeCustomer(farebox, customer)
  return (await getSnapshot(farebox, { customer })).subscription?.discounts?.map(({ name }) => name)
}

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(() => 'nothing was wrong', (reason: unknown) => reason)
  return isFareboxError(error) ? { code: error.code, reason: error.reason, paths: error.faults.map(({ path }) => path) } : error
}

it('takes a code for a subscription that is there, once, and charges by it from then on', async () => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  await createCode(scene, 'HALF', 50)
  expect(await previewPlanChange(farebox, { customer, plan: 'pro', promotionCode: 'half' })).toMatchObject({
    kind: 'change', when: 'now', now: null, next: { subtotal: 2900, discount: 1450, total: 1450 },
  })
  expect(await namesOf(scene)).toEqual([])
  expect(await subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'half' })).toMatchObject({ kind: 'changed', plan: 'pro' })
  expect(await namesOf(scene)).toEqual(['HALF'])
  expect(await subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'HALF' })).toMatchObject({ kind: 'unchanged' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect((await world.client.invoices.list()).data.map(({ total }) => total)).toEqual([1450, 2900])
})

it('takes it off what an upgrade costs, exactly as its preview said', async () => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  await createCode(scene, 'HALF', 50)
  world.simulator.clock.advance({ days: 14 })
  const asked = { customer, plan: 'dollars', promotionCode: 'HALF' }
  // Half of 28 days is left: half of 24.50 less 14.50, which were paid in full, are a credit of 2.25.
  const preview = await previewPlanChange(farebox, asked)
  if (preview.kind !== 'change' || preview.now === null) throw new Error('A preview of a change')
  expect(await subscribe(farebox, { ...asked, ...addresses })).toMatchObject({ kind: 'changed', plan: 'dollars' })
  const [invoice] = (await world.client.invoices.list()).data
  expect(invoice).toMatchObject({ total: preview.now.total, subtotal: preview.now.subtotal })
  expect(preview.now.lines.map(({ amount }) => amount)).toEqual([-1450, 1225])
  expect(preview).toMatchObject({ now: { total: -225, due: 0 }, next: { subtotal: 4900, discount: 2450, total: 2450 } })
})

it('counts from the change on where that is due later', async () => {
  const scene = await begin('dollars')
  const { world, farebox } = scene
  await createCode(scene, 'HALF', 50)
  expect(await subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'HALF' })).toMatchObject({ kind: 'scheduled', plan: 'pro' })
  expect(await namesOf(scene)).toEqual([])
  // The same again is on its way already.
  expect(await subscribe(world.process(), { ...click, plan: 'pro', promotionCode: 'HALF' })).toMatchObject({ kind: 'scheduled' })
  expect((await finishOperation(farebox, customer))?.value.steps.map(({ name }) => name)).toEqual(['begin-schedule', 'plan-phases'])
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await namesOf(scene)).toEqual(['HALF'])
  expect((await world.client.invoices.list()).data.map(({ total }) => total)).toEqual([1450, 4900])
})

it.each(['once', 'repeating'] as const)('takes a code off the invoices that it is for, and no second time (%s)', async (duration) => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  const coupon = await world.client.coupons.create({ percent_off: 50, duration, ...(duration === 'repeating' && { duration_in_months: 2 }) })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  const asked = { customer, plan: 'pro', promotionCode: 'HALF' }
  expect(await subscribe(farebox, { ...asked, ...addresses })).toMatchObject({ kind: 'changed' })
  world.simulator.clock.advance({ days: 35 })
  for (let month = 0; month < 3; month += 1) {
    world.simulator.clock.advance({ days: 31 })
    expect(await refusalOf(previewPlanChange(farebox, asked))).toEqual(refused)
    for (const plan of ['pro', 'dollars']) expect(await refusalOf(subscribe(farebox, { ...asked, ...addresses, plan }))).toEqual(refused)
  }
  expect((await world.client.invoices.list()).data.map(({ total }) => total)).toEqual([2900, 2900, 2900, 1450, 2900])
})

it.each(['month', 'year'] as const)('tells a second try as the first, where the answer was lost once the code was used up (by %s)', async (interval) => {
  const scene = await begin('pro')
  const { world } = scene
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'once' })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF', max_redemptions: 1 })
  world.simulator.clock.advance({ minutes: 28 * 24 * 60 - 5 })
  let isCut = false
  const lossy = world.process({ client: clientOf(world.simulator, async () => {
    const { discounts, items } = await liveOf(scene)
    const isMade = interval === 'month' ? discounts.length > 0 : items.data[0]?.price.recurring?.interval === interval
    if (isCut || !isMade) return
    isCut = true
    throw new Error('cut off')
  }) })
  const asked = { ...click, plan: 'pro', interval, promotionCode: 'HALF' }
  await expect(subscribe(lossy, asked)).rejects.toMatchObject({ code: 'unavailable' })
  world.simulator.clock.advance({ minutes: 10 })
  for (let again = 0; again < 2; again += 1) expect(await subscribe(world.process(), asked)).toMatchObject({ kind: 'unchanged', plan: 'pro' })
  expect((await world.client.invoices.list()).data.map(({ status, discounts }) => [status, discounts.length])).toEqual([['paid', 1], ['paid', 0]])
  world.simulator.clock.advance({ days: 2 })
  expect(await refusalOf(subscribe(world.process(), asked))).toEqual(refused)
})

it('tells no second try as the first where the first was for a subscription that has ended since', async () => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'once' })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  world.simulator.clock.advance({ minutes: 28 * 24 * 60 - 5 })
  const asked = { ...click, plan: 'pro', promotionCode: 'HALF' }
  expect(await subscribe(farebox, asked)).toMatchObject({ kind: 'changed' })
  world.simulator.clock.advance({ minutes: 10 })
  await world.client.subscriptions.cancel((await liveOf(scene)).id)
  await buy(world, farebox, { customer, plan: 'pro' })
  expect(await refusalOf(subscribe(farebox, asked))).toEqual(refused)
})

it('tells who has bought with a code, and asks again, that it is so, for a day', async () => {
  const world = await createPriceWorld()
  const farebox = world.process()
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'once' })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  const asked = { ...click, plan: 'pro', promotionCode: 'HALF' }
  await buy(world, farebox, asked)
  expect(await subscribe(farebox, asked)).toMatchObject({ kind: 'unchanged', plan: 'pro' })
  world.simulator.clock.advance({ days: 2 })
  expect(await refusalOf(subscribe(farebox, asked))).toEqual(refused)
})

it.each(['once', 'repeating'] as const)('takes a code that runs out no second time with a new subscription (%s)', async (duration) => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  const coupon = await world.client.coupons.create({ percent_off: 50, duration, ...(duration === 'repeating' && { duration_in_months: 3 }) })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  expect(await subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'HALF' })).toMatchObject({ kind: 'changed' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await cancelSubscription(farebox, { customer, when: 'now' })
  expect(await refusalOf(subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'HALF' }))).toEqual(refused)
  await buy(world, farebox, { customer, plan: 'pro' })
  expect(await refusalOf(subscribe(farebox, { ...click, plan: 'dollars', promotionCode: 'HALF' }))).toEqual(refused)
  expect((await world.client.invoices.list()).data.map(({ total }) => total)).toEqual([2900, 1450, 2900])
})

it('takes a code that is for good again with a new subscription', async () => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  await createCode(scene, 'PARTNER', 50)
  await subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'PARTNER' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  await cancelSubscription(farebox, { customer, when: 'now' })
  await buy(world, farebox, { customer, plan: 'pro', promotionCode: 'PARTNER' })
  expect((await world.client.invoices.list()).data.map(({ total }) => total)).toEqual([1450, 1450, 2900])
})

it('takes a code anew where the invoice that it was taken off is void', async () => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  const coupon = await world.client.coupons.create({ percent_off: 10, duration: 'once' })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'TENTH' })
  const asked = { ...click, plan: 'dollars', promotionCode: 'TENTH' }
  const paymentCustomer = await paymentCustomerOf(world, customer)
  world.simulator.setCard(paymentCustomer, '4000000000000341')
  const waits = await subscribe(farebox, asked)
  expect(waits).toMatchObject({ kind: 'action-required' })
  expect(await subscribe(farebox, asked)).toEqual(waits)
  world.simulator.clock.advance({ hours: 25 })
  world.simulator.setCard(paymentCustomer, '4242424242424242')
  expect(await subscribe(farebox, asked)).toMatchObject({ kind: 'changed', plan: 'dollars' })
})

it('puts a code in the place of another, and leaves coupons that somebody gave', async () => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  const gift = await world.client.coupons.create({ name: 'Gift', percent_off: 10, duration: 'forever' })
  await world.client.subscriptions.update((await liveOf(scene)).id, { discounts: [{ coupon: gift.id }] })
  await createCode(scene, 'TEN', 10)
  await createCode(scene, 'HALF', 50)
  await subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'TEN' })
  expect(await namesOf(scene)).toEqual(['Gift', 'TEN'])
  await subscribe(farebox, { ...click, plan: 'dollars', promotionCode: 'HALF' })
  expect(await namesOf(scene)).toEqual(['Gift', 'HALF'])
  await createCode(scene, 'LATER', 20)
  await subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'LATER' })
  world.simulator.clock.advance({ months: 1, hours: 2 })
  expect(await namesOf(scene)).toEqual(['Gift', 'LATER'])
})

it.each(['pro', 'dollars', 'team'])('refuses a code that is for somebody else, changes nothing, and changes without it (%s)', async (plan) => {
  const scene = await begin('pro')
  const { world, farebox } = scene
  const other = await world.client.customers.create({})
  await createCode(scene, 'THEIRS', 50, { customer: other.id })
  const before = (await liveOf(scene)).items.data.map(({ price }) => price.id)
  const asked = { customer, plan, promotionCode: 'THEIRS' }
  expect(await refusalOf(previewPlanChange(farebox, asked))).toEqual(refused)
  expect(await refusalOf(subscribe(farebox, { ...asked, ...addresses }))).toEqual(refused)
  expect((await liveOf(scene)).items.data.map(({ price }) => price.id)).toEqual(before)
  expect(await namesOf(scene)).toEqual([])
  expect((await liveOf(scene)).schedule).toBeNull()
  // Nothing is left under way that would stand in the way of the next click.
  expect((await finishOperation(farebox, customer))?.value.state ?? 'refused').toBe('refused')
  expect((await subscribe(farebox, { ...click, plan })).kind).toBe(plan === 'pro' ? 'unchanged' : 'changed')
})

it('lets go of the schedule that it began for a downgrade whose code is refused', async () => {
  const scene = await begin('dollars')
  const { world, farebox } = scene
  const other = await world.client.customers.create({})
  await createCode(scene, 'THEIRS', 50, { customer: other.id })
  expect(await refusalOf(subscribe(farebox, { ...click, plan: 'pro', promotionCode: 'THEIRS' }))).toEqual(refused)
  expect((await world.client.subscriptionSchedules.list()).data.map(({ status }) => status)).toEqual(['released'])
  expect((await liveOf(scene)).schedule).toBeNull()
  expect(await subscribe(farebox, { ...click, plan: 'pro' })).toMatchObject({ kind: 'scheduled', plan: 'pro' })
})

it('refuses a code that nobody knows before anything is asked for, and one for an end', async () => {
  const { world, farebox } = await begin('pro')
  expect(await refusalOf(subscribe(farebox, { ...click, plan: 'team', promotionCode: 'NONE' }))).toEqual(refused)
  expect(await refusalOf(subscribe(farebox, { ...click, plan: 'free', promotionCode: 'NONE' }))).toEqual({
    code: 'invalid-request', reason: undefined, paths: ['promotionCode'],
  })
  await cancelSubscription(farebox, { customer })
  expect((await world.client.subscriptions.list()).data[0]?.cancel_at).not.toBeNull()
})
