import { isFareboxError } from '@farebox/core'
import type { CheckoutEntry } from '@farebox/stripe-simulator'
import type { Stripe } from 'stripe'
import { expect } from 'vitest'
import type { SeededRandom } from '../../src/testing/seeded-random.ts'
import { grantUsage } from '../../src/use-cases/admin/grant-usage.ts'
import type { Context } from '../../src/use-cases/context.ts'
import { convergeCustomer } from '../../src/use-cases/converging/converge.ts'
import { consumeUsage } from '../../src/use-cases/counting/consume-usage.ts'
import { sweepStore } from '../../src/use-cases/healing/sweep.ts'
import { cancelSubscription } from '../../src/use-cases/subscription/cancel-subscription.ts'
import { pauseSubscription } from '../../src/use-cases/subscription/pause-subscription.ts'
import { previewPlanChange } from '../../src/use-cases/subscription/preview-plan-change.ts'
import { resumeSubscription } from '../../src/use-cases/subscription/resume-subscription.ts'
import { type SubscribeOutcome, subscribe } from '../../src/use-cases/subscription/subscribe.ts'
import { type Spending, buyPack, spend } from './lives-packs.ts'
import { type LifeWorld, customer, intervals, isOpen, lifeCodes, lifePlans, subscriptionsIn } from './lives-world.ts'
import { sessionOf } from './world.ts'

const day = 86_400_000
const addresses = { successUrl: 'http://a/', cancelUrl: 'http://b/' } as const

const cards = { good: '4242424242424242', other: '5555555555554444', failing: '4000000000000341', asking: '4000002760003184', refusingRefunds: '4000000000005126' } as const

/** How people pay on a page: some by a bank that takes days, and some with a card to which no refund finds its way. */
const entries: readonly CheckoutEntry[] = [
  ...[cards.good, cards.good, cards.other, cards.asking, cards.failing, cards.refusingRefunds].map((card) => ({ card })),
  {}, { bankAccount: '000123456789' }, { bankAccount: '000222222227' },
]

/** What may happen in a life, as often as it is listed. */
export const actions = [
  // Through Farebox.
  'pick a plan', 'pick a plan', 'pick a plan', 'pick a plan', 'pick two at once', 'change seats', 'change seats', 'cancel', 'cancel now', 'resume', 'resume',
  'pause', 'pause until', 'preview', 'come back', 'sweep', 'grant', 'consume', 'buy a pack', 'buy a pack', 'buy a pack', 'spend', 'spend',
  // On Stripe's pages.
  'pay a page', 'pay a page', 'portal switch', 'portal seats', 'portal code', 'portal cancel', 'portal resume', 'new card', 'new card', 'bad card', 'asking card', 'authenticate',
  'refuse to authenticate', 'pay what is owed',
  // By the app's owner in the dashboard, or the bank.
  'api switch', 'api seats', 'api coupon', 'api no coupon', 'api cancel at', 'api stay', 'api end', 'api rest', 'api go on', 'api schedule', 'api trial', 'refund', 'refund', 'dispute', 'close dispute', 'close dispute',
  'write off', 'void', 'dashboard retries',
  // Time.
  'second', 'day', 'day', 'week', 'week', 'month', 'month', 'month', 'month', 'month', 'year', 'boundary',
] as const
export type Action = (typeof actions)[number]

/** What a life has come to so far, as those who live it know it. */
export interface Memory {
  readonly paymentCustomers: Set<string>
  /** Pages that somebody has been sent to. */
  readonly pages: string[]
  readonly grants: Map<string, number>
  readonly consumed: { readonly at: number; readonly amount: number }[]
  readonly disputes: string[]
  /** What was drawn of renders. */
  readonly spent: Spending[]
  /** What verbs answered, and how often. */
  readonly outcomes: Map<string, number>
}

/** One moment of a life. */
export interface Moment {
  readonly world: LifeWorld
  readonly random: SeededRandom
  readonly memory: Memory
  /** A process; one of them may die while it works. */
  readonly server: () => Context
  /** A process that lives as long as the life does. */
  readonly healthy: Context
  readonly isSafe: boolean
}

/** Refusals that say how things are. Whoever dies or is cut off throws `unavailable`. */
const sensible = /^(already-subscribed|not-found|conflict|invalid-request|payments-failed)$/

async function ask<Answer>({ memory, isSafe }: Moment, verb: string, answer: Promise<Answer>): Promise<Answer | undefined> {
  const count = (what: string): void => void memory.outcomes.set(`${verb}: ${what}`, (memory.outcomes.get(`${verb}: ${what}`) ?? 0) + 1)
  try {
    const result = await answer
    count((result as { kind?: string } | undefined)?.kind ?? 'done')
    return result
  } catch (error) {
    if (!isFareboxError(error)) throw error
    count(`${error.code} ${error.reason ?? ''}`)
    if (isSafe) expect(`${verb} ${error.code} ${error.reason ?? ''}`).toMatch(new RegExp(`^${verb} ${sensible.source.slice(1, -1)} `))
    return undefined
  }
}

/** The one that is open, as Stripe has it now. */
async function present({ world, memory }: Moment): Promise<Stripe.Subscription | undefined> {
  return (await subscriptionsIn(world.client, memory.paymentCustomers)).find(isOpen)
}

function planPriceOf(world: LifeWorld, item: Stripe.SubscriptionItem | undefined): string | undefined {
  return [...world.prices].find(([, id]) => id === item?.price.id)?.[0]
}

async function pick(moment: Moment, quantity?: number): Promise<void> {
  const { world, random, server } = moment
  const plan = random.next() < 0.08 ? 'free' : random.pick(lifePlans)
  const interval = random.pick(intervals)
  const promotionCode = random.next() < 0.25 ? random.pick([...lifeCodes, 'NONE']) : undefined
  const before = await present(moment)
  const begun = await begunChange(moment)
  const wanted = { plan, interval, ...(quantity !== undefined && { quantity }), ...(promotionCode !== undefined && { promotionCode }) }
  const outcome = await ask(moment, 'subscribe', subscribe(server(), { customer, ...wanted, ...addresses }))
  if (outcome === undefined) return
  const after = await present(moment)
  const named = planPriceOf(world, after?.items.data[0])
  if (outcome.kind === 'checkout') expect(after === undefined || after.status === 'incomplete').toBe(true)
  if (outcome.kind === 'changed' && plan !== 'free') {
    expect(named).toBe(`${plan}:${interval}`)
    if (quantity !== undefined) expect(after?.items.data[0]?.quantity).toBe(quantity)
  }
  // Where somebody died before, this click has finished that first.
  if (outcome.kind === 'scheduled' || outcome.kind === 'action-required') expect([planPriceOf(world, before?.items.data[0]), begun]).toContain(named)
  await visit(moment, outcome)
}

/** What somebody began to change at once, and died over. */
async function begunChange({ world }: Moment): Promise<string | undefined> {
  const { rows } = await world.store.records.load(customer, ['operations'])
  const open = rows.operations.find(({ value }) => value.state === 'open')?.value.intent
  return open?.kind === 'change' && open.when === 'now' ? `${open.plan}:${open.interval}` : undefined
}

/** Most people who are sent to a page pay there. */
async function visit(moment: Moment, outcome: SubscribeOutcome | undefined): Promise<void> {
  if (outcome?.kind !== 'checkout') return
  const page = sessionOf(outcome.url)
  moment.memory.pages.push(page)
  const entry = moment.random.pick(entries)
  if (moment.random.next() < 0.6) await pay(moment, page, entry)
}

async function pay({ world }: Moment, page: string, entry: CheckoutEntry): Promise<void> {
  await tryAtStripe(() => world.simulator.completeCheckout(page, entry))
}

/** Stripe says no where something is not possible now; then nothing changes. */
async function tryAtStripe(work: () => unknown): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { statusCode, status = statusCode } = error as { statusCode?: number; status?: number }
    if (status === undefined || status === 500) throw error
  }
}

async function invoicesOf({ world, memory }: Moment, status: 'open' | 'paid'): Promise<readonly Stripe.Invoice[]> {
  const lists = await Promise.all([...memory.paymentCustomers].map((id) => world.client.invoices.list({ customer: id, status, limit: 20 })))
  return lists.flatMap(({ data }) => data)
}

/** One of the newest, for a pack or a subscription. */
async function anyPaid(moment: Moment): Promise<Stripe.Invoice | undefined> {
  const paid = await invoicesOf(moment, 'paid')
  return paid.length === 0 ? undefined : moment.random.pick(paid.slice(0, 6))
}

async function intentOf({ world }: Moment, invoice: Stripe.Invoice | undefined): Promise<string | undefined> {
  if (invoice?.id === undefined) return undefined
  const { data } = await world.client.invoicePayments.list({ invoice: invoice.id })
  const intent = data[0]?.payment.payment_intent
  return typeof intent === 'string' ? intent : undefined
}

/** What people do through Farebox. Answers whether it was one of these. */
async function actThroughFarebox(action: Action, moment: Moment): Promise<boolean> {
  const { world, random, memory, server } = moment
  switch (action) {
    case 'pick a plan':
      await pick(moment)
      return true
    case 'change seats':
      await pick(moment, random.integer(1, 4))
      return true
    case 'pick two at once': {
      const clicks = [random.pick(lifePlans), random.pick(lifePlans)].map((plan) => subscribe(server(), { customer, plan, ...addresses }))
      const outcomes = await Promise.all(clicks.map((click) => ask(moment, 'race', click)))
      for (const outcome of outcomes) await visit(moment, outcome)
      return true
    }
    case 'cancel':
    case 'cancel now':
      await ask(moment, action, cancelSubscription(server(), { customer, when: action === 'cancel' ? 'period-end' : 'now' }))
      return true
    case 'resume':
      await ask(moment, action, resumeSubscription(server(), { customer }))
      return true
    case 'pause':
      await ask(moment, action, pauseSubscription(server(), { customer }))
      return true
    case 'pause until':
      await ask(moment, action, pauseSubscription(server(), { customer, until: world.clock.now() + random.integer(1, 60) * day }))
      return true
    case 'preview':
      await ask(moment, action, previewPlanChange(server(), { customer, plan: random.pick(lifePlans), interval: random.pick(intervals) }))
      return true
    case 'come back':
      await ask(moment, action, convergeCustomer(server(), customer))
      return true
    case 'sweep':
      await ask(moment, action, sweepStore(server()))
      return true
    case 'grant': {
      const key = `fact-${memory.grants.size}`
      const amount = random.integer(1, 100)
      const tell = (): Promise<unknown> => ask(moment, action, grantUsage(server(), { customer, feature: 'apiCalls', amount, key }))
      await Promise.all([tell(), tell()])
      await grantUsage(moment.healthy, { customer, feature: 'apiCalls', amount, key })
      memory.grants.set(key, amount)
      return true
    }
    case 'consume': {
      if (memory.consumed.length >= 10) return true
      const amount = random.integer(1, 3)
      const request = { customer, feature: 'apiCalls', amount, idempotencyKey: `use-${memory.consumed.length}` }
      await consumeUsage(server(), request)
      const decision = await consumeUsage(world.process(), request)
      expect(decision.allowed).toBe(true)
      memory.consumed.push({ at: world.clock.now(), amount })
      return true
    }
    case 'buy a pack': {
      const page = await ask(moment, action, buyPack(server(), random))
      if (page !== undefined) await visit(moment, { kind: 'checkout', url: page.url })
      return true
    }
    case 'spend':
      await spend(moment.healthy, moment, random.integer(1, 12))
      return true
    default:
      return false
  }
}

/** What people do on Stripe's pages. */
async function actOnPages(action: Action, moment: Moment): Promise<boolean> {
  const { world, random, memory } = moment
  const { simulator, client } = world
  const subscription = await present(moment)
  const owner = typeof subscription?.customer === 'string' ? subscription.customer : undefined
  const inPortal = async (fields: Readonly<Record<string, string>>): Promise<boolean> =>
    owner !== undefined && world.portal(owner, { subscription: subscription?.id ?? '', ...fields })
  switch (action) {
    case 'pay a page': {
      // An older page may be the one that was left open in another tab.
      const page = random.next() < 0.7 ? memory.pages.at(-1) : random.pick([...memory.pages, undefined])
      if (page === undefined) return true
      await pay(moment, page, random.pick(entries))
      return true
    }
    case 'portal switch':
      await inPortal({ action: 'switch', price: random.pick([...world.prices.values()]) })
      return true
    case 'portal seats':
      await inPortal({ action: 'quantity', quantity: String(random.integer(1, 6)) })
      return true
    case 'portal code':
      await inPortal({ action: 'promotion', code: random.pick(lifeCodes) })
      return true
    case 'portal cancel':
    case 'portal resume':
      await inPortal({ action: action === 'portal cancel' ? 'cancel' : 'resume' })
      return true
    case 'new card':
      if (random.next() < 0.5) await inPortal({ action: 'card', card: random.pick([cards.good, cards.other]) })
      else if (owner !== undefined) simulator.setCard(owner, cards.good)
      return true
    case 'bad card':
    case 'asking card':
      if (owner !== undefined) simulator.setCard(owner, action === 'bad card' ? cards.failing : cards.asking)
      return true
    case 'authenticate':
    case 'refuse to authenticate': {
      const intent = await intentOf(moment, (await invoicesOf(moment, 'open'))[0])
      if (intent !== undefined) await tryAtStripe(() => simulator.authenticate(intent, action === 'authenticate' ? 'passed' : 'failed'))
      return true
    }
    case 'pay what is owed': {
      const [invoice] = await invoicesOf(moment, 'open')
      if (invoice?.id !== undefined) await tryAtStripe(() => client.invoices.pay(invoice.id ?? ''))
      return true
    }
    default:
      return false
  }
}

/** What happens in the dashboard or through the API, behind our back. */
async function actBehindOurBack(action: Action, moment: Moment): Promise<void> {
  const { world, random, memory } = moment
  const { simulator, client } = world
  const subscription = await present(moment)
  const id = subscription?.id
  const item = subscription?.items.data[0]
  const update = async (change: Stripe.SubscriptionUpdateParams): Promise<void> => {
    if (id !== undefined) await tryAtStripe(() => client.subscriptions.update(id, change))
  }
  const soon = Math.floor(world.clock.now() / 1000) + random.integer(1, 45) * 86_400
  switch (action) {
    case 'api switch':
      if (item === undefined) return
      await update({
        items: [{ id: item.id, price: random.pick([...world.prices.values()]) }],
        proration_behavior: random.pick(['none', 'always_invoice', 'create_prorations'] as const),
      })
      return
    case 'api seats':
      if (item !== undefined) await update({ items: [{ id: item.id, quantity: random.integer(1, 5) }], proration_behavior: 'none' })
      return
    case 'api coupon':
      await update({ discounts: [{ coupon: random.pick(world.coupons) }] })
      return
    case 'api no coupon':
      await update({ discounts: '' })
      return
    case 'api cancel at':
      await update(random.next() < 0.5 ? { cancel_at_period_end: true } : { cancel_at: soon, proration_behavior: 'none' })
      return
    case 'api stay':
      await update(subscription?.cancel_at_period_end === true ? { cancel_at_period_end: false } : { cancel_at: '' })
      return
    case 'api end':
      if (id !== undefined) await tryAtStripe(() => client.subscriptions.cancel(id))
      return
    case 'api rest': {
      const behavior = random.pick(['void', 'void', 'mark_uncollectible', 'keep_as_draft'] as const)
      await update({ pause_collection: { behavior, ...(random.next() < 0.5 && { resumes_at: soon }) } })
      return
    }
    case 'api go on':
      await update({ pause_collection: '' })
      return
    case 'api schedule':
      if (id !== undefined && subscription?.schedule === null) await tryAtStripe(() => client.subscriptionSchedules.create({ from_subscription: id }))
      return
    case 'api trial':
      if (subscription?.status === 'trialing') await update({ trial_end: random.next() < 0.4 ? 'now' : soon, proration_behavior: 'none' })
      return
    case 'refund': {
      const intent = await intentOf(moment, await anyPaid(moment))
      if (intent !== undefined) await tryAtStripe(() => client.refunds.create({ payment_intent: intent, ...(random.next() < 0.7 && { amount: random.integer(1, 600) }) }))
      return
    }
    case 'dispute': {
      const invoice = await anyPaid(moment)
      if (invoice?.id !== undefined) await tryAtStripe(() => memory.disputes.push(simulator.dispute(invoice.id ?? '')))
      return
    }
    case 'close dispute': {
      const dispute = memory.disputes.pop()
      simulator.configure({ lostDisputes: random.pick(['keep', 'cancel'] as const) })
      if (dispute !== undefined) await tryAtStripe(() => simulator.closeDispute(dispute, random.pick(['lost', 'won'] as const)))
      return
    }
    case 'write off':
    case 'void': {
      const invoice = (await invoicesOf(moment, 'open'))[0]?.id
      if (invoice === undefined) return
      await tryAtStripe(() => (action === 'void' ? client.invoices.voidInvoice(invoice) : client.invoices.markUncollectible(invoice)))
      return
    }
    case 'dashboard retries':
      simulator.configure({ afterRetries: random.pick(['cancel', 'unpaid', 'past_due', 'pause'] as const) })
      return
    default:
      return
  }
}

export async function act(action: Action, moment: Moment): Promise<void> {
  if (await actThroughFarebox(action, moment)) return
  if (await actOnPages(action, moment)) return
  await actBehindOurBack(action, moment)
}
