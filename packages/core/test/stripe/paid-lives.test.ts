import type { Stripe } from 'stripe'
import { expect, it } from 'vitest'
import { isFareboxError } from '../../src/errors/error.ts'
import { type SeededRandom, seededRandom } from '../../src/testing/seeded-random.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { getSnapshot } from '../../src/use-cases/decisions/get-snapshot.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type LifeWorld, createLifeWorld, customer, intervals, lifeCodes, lifePlans } from './lives-world.ts'
import { isFull, sessionOf } from './world.ts'

const day = 86_400_000
const lives = isFull ? 2000 : 15

/** The dearer a plan, the shorter it is tried: so a trial is worth moving with. */
const trialDays: Readonly<Record<string, number>> = { basic: 40, plus: 14, max: 0 }


/** With one that takes off everything nothing is charged that could be looked for. */
const codes = lifeCodes.filter((code) => code !== 'NOTHING')

const actions = ['pick', 'pick', 'pick', 'pick', 'pick', 'pick', 'cancel', 'cancel now', 'resume', 'resume', 'pause', 'pause until', 'day', 'day', 'week', 'month', 'month', 'month'] as const

function withTrials(context: Context, putsOff: boolean): Context {
  const planList = context.catalog.planList.map((plan) => ({ ...plan, trialDays: trialDays[plan.key] ?? 0 }))
  const { moves } = context.catalog
  const rule = { when: 'now', proration: 'next-invoice' } as const
  const later = { ...moves, upgrade: rule, downgrade: rule, moreQuantity: rule, lessQuantity: rule }
  return { ...context, catalog: { ...context.catalog, planList, plans: Object.fromEntries(planList.map((plan) => [plan.key, plan])), moves: putsOff ? later : moves } }
}

/** One thing that a customer can do alone, through Farebox; or time goes by. */
async function act(world: LifeWorld, farebox: Context, random: SeededRandom): Promise<string> {
  const action = random.pick(actions)
  switch (action) {
    case 'pick': {
      const plan = random.next() < 0.1 ? 'free' : random.pick(lifePlans)
      const code = random.next() < 0.5 && plan !== 'free' ? { promotionCode: random.pick(codes) } : {}
      const wanted = { plan, interval: random.pick(intervals), ...(plan === 'max' && { quantity: random.integer(2, 4) }), ...code }
      const outcome = await subscribe(farebox, { customer, ...wanted, successUrl: 'http://a/', cancelUrl: 'http://b/' })
      if (outcome.kind === 'checkout') world.simulator.completeCheckout(sessionOf(outcome.url))
      return `${JSON.stringify(wanted)} ${outcome.kind}`
    }
    case 'cancel':
    case 'cancel now':
      await cancelSubscription(farebox, { customer, when: action === 'cancel' ? 'period-end' : 'now' })
      return action
    case 'resume':
      await resumeSubscription(farebox, { customer })
      return action
    case 'pause':
      await pauseSubscription(farebox, { customer })
      return action
    case 'pause until':
      await pauseSubscription(farebox, { customer, until: world.clock.now() + random.integer(1, 40) * day })
      return action
    default:
      world.simulator.clock.advance(action === 'month' ? { days: 28 } : { [`${action}s`]: 1, minutes: 61 })
      return action
  }
}

/** How many units of a plan are paid for at an instant: what was charged for it then, less what was given back. */
function unitsPaid(world: LifeWorld, invoices: readonly Stripe.Invoice[], plan: string, at: number): number {
  const prices = intervals.map((interval) => world.prices.get(`${plan}:${interval}`))
  return invoices
    .filter(({ status }) => status === 'paid')
    .flatMap(({ lines }) => lines.data)
    .filter(({ amount, period, pricing }) => {
      const price = pricing?.price_details?.price
      return amount !== 0 && period.start * 1000 <= at && at < period.end * 1000 && prices.includes(typeof price === 'string' ? price : price?.id)
    })
    .reduce((sum, { amount, quantity }) => sum + Math.sign(amount) * (quantity ?? 1), 0)
}

/** Whatever a customer has is paid for at that moment, or on trial as long as the plan is tried. */
async function expectPaid(world: LifeWorld, farebox: Context, putsOff: boolean): Promise<void> {
  await convergeCustomer(farebox, customer)
  const { plan, subscription, status } = await getSnapshot(farebox, { customer })
  const invoices = await world.client.invoices.list({ limit: 100, expand: ['data.discounts'] }).autoPagingToArray({ limit: 1000 })
  expectCodesOnce(world, invoices)
  if (putsOff) expectNothingVoided(invoices)
  if (putsOff || plan === 'free' || subscription === null) return
  const at = world.clock.now()
  const [present] = (await world.client.subscriptions.list({ limit: 1 })).data
  const isOnTrial = status === 'trialing' && at < Number(present?.start_date) * 1000 + (trialDays[plan] ?? 0) * day
  const wanted = plan === 'max' ? subscription.quantity : 1
  expect(isOnTrial ? wanted : unitsPaid(world, invoices, plan, at)).toBeGreaterThanOrEqual(wanted)
}

/** What was put off to the next invoice, or given back there, is on none that is voided. */
function expectNothingVoided(invoices: readonly Stripe.Invoice[]): void {
  const voided = invoices.filter(({ status, billing_reason }) => status === 'void' && billing_reason === 'subscription_cycle')
  expect(voided.flatMap(({ lines }) => lines.data).filter(({ parent }) => parent?.invoice_item_details?.proration)).toEqual([])
}

/** A code is good once for each subscription, and for each customer where it runs out. */
function expectCodesOnce(world: LifeWorld, invoices: readonly Stripe.Invoice[]): void {
  const lasting = world.coupons[lifeCodes.indexOf('ALWAYS')]
  const used = invoices.filter(({ status }) => status !== 'void').flatMap(({ parent, discounts, total_discount_amounts: taken }) =>
    discounts.flatMap((discount) => {
      if (typeof discount === 'string' || discount.deleted === true || !(taken ?? []).some((each) => each.discount === discount.id)) return []
      const where = discount.source.coupon === lasting ? JSON.stringify(parent?.subscription_details?.subscription) : 'anywhere'
      return [`${where} ${JSON.stringify(discount.promotion_code)} ${discount.id}`]
    }))
  const uses = new Map<string, Set<string>>()
  for (const use of used) {
    const [subscription = '', code = '', discount = ''] = use.split(' ')
    uses.set(`${subscription} ${code}`, (uses.get(`${subscription} ${code}`) ?? new Set()).add(discount))
  }
  expect([...uses.values()].filter(({ size }) => size > 1)).toEqual([])
}

it('serves nothing that is not paid for, whatever a customer does', { timeout: isFull ? 3_600_000 : 600_000 }, async () => {
  const first = Number(process.env['FAREBOX_TEST_SEED'] ?? Date.now() % 2 ** 30)
  let served = 0
  for (let life = 0; life < Number(process.env['FAREBOX_TEST_LIVES'] ?? lives); life += 1) {
    const seed = first + life
    const random = seededRandom(seed)
    const world = await createLifeWorld({ seed })
    const putsOff = random.next() < 0.3
    const farebox = withTrials(world.process(), putsOff)
    const trail: string[] = []
    try {
      for (let count = 0; count < 40; count += 1) {
        const done = await act(world, farebox, random).catch((error: unknown) => {
          if (!isFareboxError(error) || error.code === 'unavailable') throw error
          return `refused ${error.code} ${error.reason ?? ''}`
        })
        trail.push(done)
        await expectPaid(world, farebox, putsOff)
        served += 1
      }
    } catch (error) {
      throw new Error(`Life ${seed}: ${trail.join(', ')}`, { cause: error })
    }
  }
  expect(served).toBeGreaterThan(0)
})
