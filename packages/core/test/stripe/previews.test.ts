import { stripePayments } from '@farebox/core/drivers/stripe'
import { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { getUpcoming } from '../../src/use-cases/billing/get-upcoming.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { changePlan } from '../../src/use-cases/subscription/change-plan.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { type Interval, type PlanWorld, buyPlan, createPlanWorld, customer, invoicesOf, plans, subscriptionsOf } from './plans.ts'
import { paymentCustomerOf } from './scene.ts'
import { webhookSecret } from './world.ts'

const hour = 3_600_000

interface Scene {
  readonly world: PlanWorld
  readonly farebox: Context
}

async function bought(plan: 'basic' | 'plus', interval: Interval = 'month', catalog: Context['catalog'] = plans): Promise<Scene> {
  const world = await createPlanWorld()
  const farebox: Context = { ...world.process(), catalog }
  await buyPlan(world, farebox, plan, interval)
  await convergeCustomer(farebox, customer)
  return { world, farebox }
}

/** A client whose previews are what is made of Stripe's, or fail where that is nothing. */
function clientWith({ simulator }: PlanWorld, answer: (preview: Stripe.Invoice) => object | undefined, more: (url: URL, method: string, body: string) => object | boolean | undefined = () => false): Stripe {
  const fetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(url, init)
    const other = more(new URL(request.url), request.method, await request.clone().text())
    if (typeof other === 'object') return Response.json(other)
    if (other === true) return Response.error()
    const response = await simulator.fetch(request)
    if (!request.url.endsWith('/v1/invoices/create_preview')) return response
    const preview = answer(await response.json())
    return preview === undefined ? Response.json({ error: { type: 'api_error', message: 'canary' } }, { status: 500 }) : Response.json(preview)
  }
  return new Stripe('sk_test_world', { httpClient: Stripe.createFetchHttpClient(fetch), host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
}

it.each<[string, Interval, object]>([
  ['comes with the period, also by another interval', 'year', { kind: 'change', when: 'period-end', prorationDate: null, now: null, next: { total: 3000 } }],
  ['is there', 'month', { kind: 'unchanged' }],
])('asks for no payment now for what %s', async (_name, interval, preview) => {
  const world = await createPlanWorld()
  const farebox = world.process()
  await buyPlan(world, farebox, 'plus', interval)
  await convergeCustomer(farebox, customer)
  expect(await previewPlanChange(farebox, { customer, plan: 'plus', interval: 'month' })).toMatchObject(preview)
})

it('asks at once for what another interval costs where nothing of the present one is given back', async () => {
  const rule = { when: 'now', proration: 'none' } as const
  const { farebox, world } = await bought('basic', 'month', { ...plans, moves: { ...plans.moves, longerInterval: rule } })
  const asked = { customer, plan: 'basic', interval: 'year' } as const
  expect(await previewPlanChange(farebox, asked)).toMatchObject({ prorationDate: null, now: { total: 10_000 }, next: { total: 10_000 } })
  expect(await changePlan(farebox, asked)).toMatchObject({ kind: 'changed' })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '10000 paid'])
})

it.each([
  ['is good for one invoice', { duration: 'once' }, [5000, 10_000]],
  ['runs out until then', { duration: 'repeating', duration_in_months: 12 }, [5000, 10_000]],
  ['lasts longer', { duration: 'repeating', duration_in_months: 13 }, [5000, 5000]],
  ['is for good', { duration: 'forever' }, [5000, 5000]],
] as const)('tells the bill after next without what is not taken off it: a coupon that %s', async (_, terms, [now, next]) => {
  for (const isCode of [true, false]) {
    const rule = { when: 'now', proration: 'none' } as const
    const { farebox, world } = await bought('basic', 'month', { ...plans, moves: { ...plans.moves, longerInterval: rule } })
    const coupon = await world.client.coupons.create({ percent_off: 50, ...terms })
    const promotionCode = (await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })).id
    const [subscription] = await subscriptionsOf(world)
    if (!isCode) await world.client.subscriptions.update(subscription?.id ?? '', { discounts: [{ coupon: coupon.id }] })
    const asked = { customer, plan: 'basic', interval: 'year', ...(isCode && { promotionCode }) } as const
    const preview = await previewPlanChange(farebox, asked)
    expect(preview).toMatchObject({ now: { total: now }, next: { total: next } })
    await changePlan(farebox, asked)
    world.simulator.clock.advance({ years: 1, hours: 2 })
    expect(await invoicesOf(world)).toEqual(['1000 paid', `${now} paid`, `${next} paid`])
  }
})

it('tells the bill after next with a coupon that lasts longer than the rest of a period that is billed with it', async () => {
  const { world } = await bought('basic')
  world.simulator.clock.advance({ days: 14 })
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 1 })
  const promotionCode = (await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })).id
  // In the flexible billing mode it may stand beside what is prorated, in place of in it.
  const client = clientWith(world, (preview) => ({ ...preview, total_discount_amounts: [{ amount: 1, discount: 'di_1' }] }))
  const farebox: Context = { ...world.process({ client }), catalog: plans }
  expect(await previewPlanChange(farebox, { customer, plan: 'plus', promotionCode })).toMatchObject({ now: { discount: 1 }, next: { subtotal: 3000, total: 1500 } })
})

it('tells the bill after next with a coupon that the change itself does not use up', async () => {
  const { farebox, world } = await bought('basic')
  world.simulator.clock.advance({ days: 14 })
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'once' })
  const promotionCode = (await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })).id
  const asked = { customer, plan: 'plus', promotionCode } as const
  expect(await previewPlanChange(farebox, asked)).toMatchObject({ now: { discount: 0, total: 250 }, next: { total: 1500 } })
  await changePlan(farebox, asked)
  world.simulator.clock.advance({ days: 15 })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '250 paid', '1500 paid'])
})

const code = { promotionCode: 'HALF' }

it.each([
  [{ plan: 'basic', interval: 'month' }, 'invoice'],
  [{ plan: 'basic', interval: 'month', ...code }, 'invoice'],
  [{ plan: 'basic', interval: 'year' }, 'invoice'],
  [{ plan: 'plus', quantity: 3 }, 'invoice'],
  [{ plan: 'max', interval: 'month' }, 'invoice'],
  [{ plan: 'max', interval: 'month', ...code }, 'next-invoice'],
  [{ plan: 'max', interval: 'month' }, 'none'],
  [{ plan: 'max', interval: 'year' }, 'invoice'],
] as const)('tells the bill after next of what is asked for, and not of what was scheduled before: %j (%s)', async (wanted, proration) => {
  const world = await createPlanWorld({ isTaxed: true })
  const farebox: Context = { ...world.process(), catalog: { ...plans, moves: { ...plans.moves, upgrade: { when: 'now', proration } } } }
  await buyPlan(world, farebox, 'plus', 'month', 2)
  await convergeCustomer(farebox, customer)
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'forever' })
  await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  world.simulator.clock.advance({ days: 10 })
  expect(await changePlan(farebox, { customer, plan: 'basic', quantity: 1 })).toMatchObject({ kind: 'scheduled', plan: 'basic' })
  const asked = { customer, ...wanted }
  const preview = await previewPlanChange(farebox, asked)
  if (preview.kind !== 'change') throw new Error('A preview of a change')
  await changePlan(farebox, { ...asked, prorationDate: preview.prorationDate })
  expect((await getUpcoming(farebox, { customer })).upcoming?.invoice).toMatchObject({ total: preview.next.total, tax: preview.next.tax })
})

it('tells the bill of a shorter interval without what runs out before it comes', async () => {
  const { farebox, world } = await bought('plus', 'year')
  const coupons = [
    await world.client.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 12 }),
    await world.client.coupons.create({ percent_off: 10, duration: 'repeating', duration_in_months: 13 }),
  ]
  const [subscription] = await subscriptionsOf(world)
  await world.client.subscriptions.update(subscription?.id ?? '', { discounts: coupons.map(({ id }) => ({ coupon: id })) })
  const asked = { customer, plan: 'plus', interval: 'month' } as const
  expect(await previewPlanChange(farebox, asked)).toMatchObject({ when: 'period-end', next: { total: 2700 } })
  await changePlan(farebox, asked)
  world.simulator.clock.advance({ years: 1, hours: 2 })
  expect(await invoicesOf(world)).toEqual(['30000 paid', '2700 paid'])
})

it('tells the bill with the code that what is asked for was scheduled with', async () => {
  const { farebox, world } = await bought('plus', 'year')
  const coupon = await world.client.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 3 })
  const promotionCode = (await world.client.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })).id
  const asked = { customer, plan: 'plus', interval: 'month' } as const
  expect(await previewPlanChange(farebox, { ...asked, promotionCode })).toMatchObject({ next: { total: 1500 } })
  await changePlan(farebox, { ...asked, promotionCode })
  for (const again of [asked, { ...asked, promotionCode }]) expect(await previewPlanChange(farebox, again)).toMatchObject({ next: { total: 1500 } })
  expect((await getUpcoming(farebox, { customer })).upcoming?.invoice.total).toBe(1500)
  await changePlan(farebox, asked)
  world.simulator.clock.advance({ years: 1, hours: 2 })
  expect(await invoicesOf(world)).toEqual(['30000 paid', '1500 paid'])
})

it('asks for no phases where a period begins with the change, which nothing that was scheduled comes before', async () => {
  const { farebox, world } = await bought('plus')
  await changePlan(farebox, { customer, plan: 'basic' })
  const bodies: string[] = []
  const client = clientWith(world, (preview) => preview, ({ pathname }, _method, body) => {
    if (pathname.endsWith('/create_preview')) bodies.push(body)
    return false
  })
  await previewPlanChange({ ...world.process({ client }), catalog: plans }, { customer, plan: 'max', interval: 'year' })
  expect(bodies.map((body) => body.includes('schedule_details'))).toEqual([false, false])
})

it('previews within a trial, in place of what was scheduled for its end, as a trial that goes on', async () => {
  const { farebox, world } = await bought('basic', 'year', { ...plans, plans: { ...plans.plans, basic: { ...plans.plans.basic, trialDays: 14 } } })
  expect(await changePlan(farebox, { customer, plan: 'basic', interval: 'month' })).toMatchObject({ kind: 'scheduled' })
  const [{ trial_end } = {}] = await subscriptionsOf(world)
  const bodies: string[] = []
  const client = clientWith(world, (preview) => preview, ({ pathname }, _method, body) => {
    if (pathname.endsWith('/create_preview')) bodies.push(body)
    return false
  })
  expect(await previewPlanChange({ ...world.process({ client }), catalog: farebox.catalog }, { customer, plan: 'basic', quantity: 2 })).toMatchObject({ now: null, next: { total: 20_000 } })
  expect(bodies.map((body) => new URLSearchParams(body).get('schedule_details[phases][0][trial_end]'))).toEqual([String(trial_end)])
})

it('previews what is not sold any more, whatever was scheduled', async () => {
  const { farebox, world } = await bought('plus')
  await changePlan(farebox, { customer, plan: 'basic' })
  await world.client.prices.update(world.prices.get('plus:month') ?? '', { active: false })
  expect(await previewPlanChange(farebox, { customer, plan: 'plus', quantity: 2 })).toMatchObject({ kind: 'change', when: 'now', now: { total: 3000 } })
})

it('leaves to Stripe what is taken off by the customer, and not by the subscription', async () => {
  const { world } = await bought('plus')
  const bodies: string[] = []
  const client = clientWith(world, (preview) => ({ ...preview, total_discount_amounts: [{ amount: 1, discount: 'di_1' }] }), ({ pathname }, _method, body) => {
    if (pathname.endsWith('/create_preview')) bodies.push(body)
    return false
  })
  for (const plan of ['max', 'basic']) await previewPlanChange({ ...world.process({ client }), catalog: plans }, { customer, plan })
  expect(bodies.map((body) => body.includes('discounts'))).toEqual([false, false, false])
})

it('reckons from a whole second, as Stripe does', async () => {
  const { farebox, world } = await bought('basic')
  const second = world.clock.now() + 72 * hour
  world.simulator.clock.advance({ to: second + 250 })
  const asked = { customer, plan: 'plus' } as const
  const preview = await previewPlanChange(farebox, asked)
  expect(preview).toMatchObject({ kind: 'change', prorationDate: second })
  expect(await changePlan(farebox, { ...asked, prorationDate: second })).toMatchObject({ kind: 'changed' })
})

it('tells that it ends at once where the catalog ends it at once', async () => {
  const rule = { when: 'now', proration: 'invoice' } as const
  const { farebox, world } = await bought('basic', 'month', { ...plans, moves: { ...plans.moves, downgrade: rule } })
  expect(await previewPlanChange(farebox, { customer, plan: 'free' })).toEqual({ kind: 'end', at: world.clock.now() })
})

it('tells when the next bill comes, page by page, and what is prorated on it', async () => {
  const rule = { when: 'now', proration: 'next-invoice' } as const
  const { farebox, world } = await bought('basic', 'month', { ...plans, moves: { ...plans.moves, upgrade: rule } })
  world.simulator.clock.advance({ days: 14 })
  await changePlan(farebox, { customer, plan: 'plus' })
  const [subscription] = await subscriptionsOf(world)
  const whole = await getUpcoming(farebox, { customer })
  expect(whole.upcoming).toMatchObject({ at: new Date(1000 * Number(subscription?.items.data[0]?.current_period_end)).toISOString(), invoice: { total: 4000 } })
  expect(whole.upcoming?.invoice.lines).toMatchObject([{ proration: true }, { proration: true }, { proration: false, quantity: 1 }])
  const asked: (string | null)[] = []
  let lines: readonly Stripe.InvoiceLineItem[] = []
  const paged = clientWith(world, (preview) => {
    lines = preview.lines.data
    return { ...preview, lines: { ...preview.lines, data: lines.slice(0, 1), has_more: true } }
  }, ({ pathname, searchParams }) => {
    if (!/^\/v1\/invoices\/upcoming_\w+\/lines$/.test(pathname)) return undefined
    const after = searchParams.get('starting_after')
    asked.push(after)
    const index = lines.findIndex(({ id }) => id === after) + 1
    return { object: 'list', data: lines.slice(index, index + 1), has_more: index + 1 < lines.length, url: pathname }
  })
  expect(await getUpcoming(world.process({ client: paged }), { customer })).toEqual(whole)
  expect(asked).toHaveLength(2)
  // Before API 2025-03-31.basil a preview need not have an id, by which its lines could be asked for.
  const nameless = clientWith(world, ({ id: _id, ...preview }) => ({ ...preview, lines: { ...preview.lines, has_more: true } }))
  expect(await getUpcoming(world.process({ client: nameless }), { customer })).toEqual(whole)
  const endless = clientWith(world, (preview) => ({ ...preview, lines: { ...preview.lines, has_more: true } }), ({ pathname }) =>
    pathname.endsWith('/lines') ? { object: 'list', data: lines, has_more: true, url: pathname } : undefined)
  await expect(getUpcoming(world.process({ client: endless }), { customer })).rejects.toMatchObject({ code: 'payments-failed', reason: 'endless-list' })
})

it('tells no next bill where none comes: of what ends, has ended, rests or is paused', async () => {
  const { farebox, world } = await bought('basic')
  const upcoming = async (): Promise<number | undefined> => (await getUpcoming(farebox, { customer })).upcoming?.invoice.total
  expect(await upcoming()).toBe(1000)
  await pauseSubscription(farebox, { customer })
  expect(await upcoming()).toBeUndefined()
  await cancelSubscription(farebox, { customer, when: 'now' })
  await convergeCustomer(farebox, customer)
  expect(await upcoming()).toBeUndefined()
  // What has ended is in nobody's way.
  world.simulator.clock.advance({ hours: 1 })
  await buyPlan(world, farebox, 'plus')
  await convergeCustomer(farebox, customer)
  expect(await upcoming()).toBe(3000)
  await pauseSubscription(farebox, { customer, until: world.clock.now() + 60 * 24 * hour })
  expect(await upcoming()).toBeUndefined()
})

it.each<[Interval, Interval]>([['month', 'year'], ['year', 'month']])('tells of the one of several that renews first, and of none that ends with its period (by %s and by %s)', async (first, second) => {
  const { farebox, world } = await bought('plus', first)
  const owner = await paymentCustomerOf(world, customer)
  world.simulator.setCard(owner, '4242424242424242')
  await world.client.subscriptions.create({ customer: owner, items: [{ price: world.prices.get(`plus:${second}`) ?? '' }] })
  await convergeCustomer(farebox, customer)
  expect((await getUpcoming(farebox, { customer })).upcoming?.invoice.total).toBe(3000)
  for (const { id } of await subscriptionsOf(world)) await world.client.subscriptions.update(id, { cancel_at_period_end: true })
  expect((await getUpcoming(farebox, { customer })).upcoming).toBeNull()
})

it('has billed before a rest what was put off, however Stripe tells that it is prorated', async () => {
  const rule = { when: 'now', proration: 'next-invoice' } as const
  const { farebox, world } = await bought('basic', 'month', { ...plans, moves: { ...plans.moves, upgrade: rule } })
  world.simulator.clock.advance({ days: 14 })
  await changePlan(farebox, { customer, plan: 'plus' })
  // In the flexible billing mode a part of a period is one of the subscription's item.
  const client = clientWith(world, (preview) => ({
    ...preview,
    lines: {
      ...preview.lines,
      data: preview.lines.data.map((line) => {
        const details = line.parent?.invoice_item_details
        return details?.proration === true ? { ...line, parent: { type: 'subscription_item_details', invoice_item_details: null, subscription_item_details: details } } : line
      }),
    },
  }))
  await pauseSubscription(world.process({ client }), { customer, until: world.clock.now() + 24 * hour })
  expect(await invoicesOf(world)).toEqual(['1000 paid', '1000 paid'])
})

it('finishes first what somebody began', async () => {
  const { farebox, world } = await bought('basic')
  const broken = clientWith(world, (preview) => preview, (url, method) => method === 'POST' && /\/v1\/subscriptions\//.test(url.pathname))
  await expect(changePlan({ ...world.process({ client: broken }), catalog: plans }, { customer, plan: 'plus' })).rejects.toMatchObject({ code: 'unavailable' })
  expect(await previewPlanChange(farebox, { customer, plan: 'plus' })).toEqual({ kind: 'unchanged' })
})

it('lets rest what ends with its period, of which no bill comes', async () => {
  const { farebox, world } = await bought('plus')
  await cancelSubscription(farebox, { customer })
  expect(await pauseSubscription(farebox, { customer, until: world.clock.now() + 24 * hour })).toMatchObject({ kind: 'changed', plan: 'free' })
})

it.each(['2024-06-20', '2025-03-31.basil', '2026-10-28.endive'])('previews the same at version %s', async (version) => {
  const world = await createPlanWorld({ isTaxed: true })
  await buyPlan(world, world.process(), 'basic', 'month', 2)
  world.simulator.clock.advance({ days: 14 })
  const [subscription] = await subscriptionsOf(world)
  const httpClient = Stripe.createFetchHttpClient(async (url: RequestInfo | URL, init?: RequestInit) => world.simulator.fetch(new Request(url, init)))
  // The package's types know its own version alone; apps that pin another one say so like this.
  const pinned = new Stripe('sk_test_world', { apiVersion: version as '2026-10-28.endive', httpClient, host: 'stripe.test', protocol: 'http', maxNetworkRetries: 0, telemetry: false })
  const prorationDate = world.clock.now()
  const intent = { kind: 'change', plan: 'plus', interval: 'month', quantity: null, when: 'now', proration: 'invoice', prorationDate } as const
  const preview = await stripePayments({ client: pinned, webhookSecret }).previewChange({ subscription: subscription?.id ?? '', intent })
  expect(preview).toMatchObject({
    at: prorationDate,
    now: { subtotal: 2000, tax: 400, total: 2400, lines: [{ proration: true, quantity: 2 }, { proration: true, quantity: 2 }] },
    next: { subtotal: 6000, tax: 1200, total: 7200, lines: [{ proration: false, quantity: 2 }] },
  })
})

it('takes no failure of a preview for nothing that is due: no next bill is told, and nobody pauses before what is pending is billed', async () => {
  const world = await createPlanWorld()
  await buyPlan(world, world.process(), 'plus')
  await convergeCustomer(world.process(), customer)
  const client = clientWith(world, () => undefined)
  const farebox = world.process({ client })
  await expect(getUpcoming(farebox, { customer })).rejects.toMatchObject({ code: 'unavailable' })
  await expect(pauseSubscription(farebox, { customer })).rejects.toMatchObject({ code: 'unavailable' })
  expect((await subscriptionsOf(world)).map(({ status, pause_collection }) => [status, pause_collection])).toEqual([['active', null]])
})
