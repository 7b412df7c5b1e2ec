import type { Subscription } from '@farebox/core'
import type { Stripe } from 'stripe'

const known = ['incomplete', 'incomplete_expired', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']

/**
 * What the records must say of a customer of Stripe, written down a second time: from a second read through the stripe
 * package, with plans told by a table of price ids instead of names, and overdue invoices taken from the list of all.
 */
export async function expectedSubscriptions(client: Stripe, paymentCustomer: string): Promise<readonly Subscription[]> {
  const prices = await client.prices.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
  const planOfPrice = new Map(prices.map((price) => [price.id, price.lookup_key?.split('_')[1] ?? null]))
  const invoices = await client.invoices.list({ customer: paymentCustomer, limit: 100 }).autoPagingToArray({ limit: 10_000 })
  const subscriptions = await client.subscriptions
    .list({ customer: paymentCustomer, status: 'all', limit: 100 })
    .autoPagingToArray({ limit: 10_000 })

  const schedules = new Map<string, Stripe.SubscriptionSchedule>()
  for (const { id, schedule } of subscriptions) {
    if (schedule !== null) schedules.set(id, await client.subscriptionSchedules.retrieve(typeof schedule === 'string' ? schedule : schedule.id))
  }

  const intents = new Map<string, Stripe.PaymentIntent>()
  for (const { id } of invoices.filter(({ status }) => status === 'open')) {
    const { data } = await client.invoicePayments.list({ invoice: id })
    for (const { payment } of data) {
      const intent = payment.payment_intent
      if (typeof intent === 'string') intents.set(id, await client.paymentIntents.retrieve(intent))
    }
  }
  const discounts = new Map<string, Pick<Subscription, 'discounts'>>()
  for (const subscription of subscriptions) {
    if (subscription.ended_at === null && subscription.discounts.length > 0) discounts.set(subscription.id, { discounts: await discountsOf(client, subscription.id) })
  }
  const methods = await client.paymentMethods
    .list({ customer: paymentCustomer, limit: 100 })
    .autoPagingToArray({ limit: 10_000 })
    .catch(() => [])
  const person = await client.customers.retrieve(paymentCustomer)
  const ofCustomer = person.deleted ? null : person.invoice_settings.default_payment_method

  return subscriptions
    .map((subscription): Subscription => {
      const items = subscription.items.data
      const [item] = items
      if (item === undefined) throw new Error('A subscription has an item')
      const ends = Math.max(...items.map(({ current_period_end }) => current_period_end))
      const isOverdue = ['past_due', 'unpaid'].includes(subscription.status)
      const open = invoices.filter(
        ({ status, parent }) => status === 'open' && parent?.subscription_details?.subscription === subscription.id,
      )
      const scheduled = subscription.cancel_at_period_end ? ends : null
      return {
        id: subscription.id,
        ours: 'farebox_customer' in subscription.metadata || items.some(({ price }) => planOfPrice.get(price.id) != null),
        plan: planOfPrice.get(item.price.id) ?? null,
        price: item.price.id,
        interval: item.price.recurring?.interval === 'year' ? 'year' : 'month',
        quantity: item.quantity ?? 1,
        status: known.includes(subscription.status) ? (subscription.status as Subscription['status']) : 'unknown',
        startedAt: 1000 * subscription.start_date,
        billingAnchor: 1000 * subscription.billing_cycle_anchor,
        currentPeriodStart: 1000 * Math.min(...items.map(({ current_period_start }) => current_period_start)),
        currentPeriodEnd: 1000 * ends,
        trialEnd: inMilliseconds(subscription.trial_end),
        cancelAt: inMilliseconds(subscription.cancel_at ?? scheduled),
        endedAt: inMilliseconds(subscription.ended_at),
        currency: subscription.currency,
        paused: restOf(subscription, invoices),
        pendingChange: nextChange(schedules.get(subscription.id), planOfPrice, prices),
        pastDueSince: isOverdue ? 1000 * overdueSince(open, invoices.find(({ id }) => id === latestOf(subscription))) : null,
        payment: subscription.ended_at === null ? paymentOf(isOverdue ? firstSent(open) : open.filter(({ id }) => id === latestOf(subscription)), intents, isOverdue) : null,
        card: cardOf(methods, subscription.default_payment_method ?? ofCustomer),
        endReason: reasons[subscription.cancellation_details?.reason ?? 'none'] ?? null,
        ...discounts.get(subscription.id),
      }
    })
    .toSorted(byId)
}

/** Read one by one, with all that they are made of. */
async function discountsOf(client: Stripe, id: string): Promise<NonNullable<Subscription['discounts']>> {
  const { discounts } = await client.subscriptions.retrieve(id, { expand: ['discounts.source.coupon'] })
  return discounts.map((discount) => {
    if (typeof discount === 'string') throw new Error('Discounts were expanded')
    const { coupon } = discount.source
    if (coupon === null || typeof coupon === 'string') throw new Error('Coupons were expanded')
    const { name, percent_off: percentOff, amount_off: amountOff, currency, duration } = coupon
    return { name, percentOff, amountOff, currency, once: duration === 'once', until: inMilliseconds(discount.end) }
  })
}

function nextChange(
  schedule: Stripe.SubscriptionSchedule | undefined,
  planOfPrice: ReadonlyMap<string, string | null>,
  prices: readonly Stripe.Price[],
): Subscription['pendingChange'] {
  const at = schedule?.status === 'active' ? schedule.current_phase?.end_date : undefined
  const items = schedule?.phases.find(({ start_date }) => start_date === at)?.items
  if (at === undefined || items === undefined) return null
  const named = items.map(({ price, quantity }) => ({ id: typeof price === 'string' ? price : price.id, quantity }))
  const item = named.find(({ id }) => planOfPrice.get(id) != null) ?? named[0]
  const recurring = prices.find(({ id }) => id === item?.id)?.recurring
  return {
    plan: planOfPrice.get(item?.id ?? '') ?? null,
    interval: recurring?.interval === 'year' ? 'year' : 'month',
    quantity: item?.quantity ?? 1,
    at: 1000 * at,
  }
}

const reasons: Readonly<Record<string, Subscription['endReason']>> = {
  cancellation_requested: 'requested', payment_failed: 'payment-failed', payment_disputed: 'payment-disputed',
}

/** Of what is owed, the first; where all of it was written off, the latest invoice. */
function overdueSince(open: readonly Stripe.Invoice[], latest: Stripe.Invoice | undefined): number {
  return Math.min(...(open.length > 0 ? open : latest === undefined ? [] : [latest]).map(({ created, due_date }) => due_date ?? created))
}

function latestOf({ latest_invoice }: Stripe.Subscription): string | undefined {
  return typeof latest_invoice === 'string' ? latest_invoice : latest_invoice?.id
}

/** Of invoices that were sent, the one that was due first; of others all. */
function firstSent(open: readonly Stripe.Invoice[]): readonly Stripe.Invoice[] {
  const newest = open.toSorted((one, other) => other.created - one.created)[0]
  return newest?.due_date == null ? open : open.toSorted((one, other) => (one.due_date ?? one.created) - (other.due_date ?? other.created)).slice(0, 1)
}

function paymentOf(
  open: readonly Stripe.Invoice[],
  intents: ReadonlyMap<string, Stripe.PaymentIntent>,
  isOverdue: boolean,
): Subscription['payment'] {
  const [newest] = open.toSorted((one, other) => other.created - one.created)
  if (newest === undefined) return null
  const status = intents.get(newest.id)?.status
  return {
    state: status === 'requires_action' ? 'action-required' : (newest.attempt_count > 0 || (isOverdue && newest.due_date !== null)) && status !== 'processing' ? 'failed' : 'open',
    invoice: newest.id,
    hostedUrl: newest.hosted_invoice_url ?? null,
    attempts: newest.attempt_count,
    nextAttemptAt: inMilliseconds(newest.next_payment_attempt),
    amountDue: newest.amount_remaining,
    currency: newest.currency,
  }
}

function cardOf(methods: readonly Stripe.PaymentMethod[], named: string | Stripe.PaymentMethod | null): Subscription['card'] {
  const id = typeof named === 'string' ? named : named?.id
  const card = methods.find((method) => method.id === id)?.card
  return card ? { brand: card.brand, last4: card.last4, expiresAt: Date.UTC(card.exp_year, card.exp_month) } : null
}

function restOf(subscription: Stripe.Subscription, invoices: readonly Stripe.Invoice[]): Subscription['paused'] {
  const { status, status_details, pause_collection } = subscription
  if (status === 'paused') return { kind: 'subscription', since: inMilliseconds(status_details?.paused?.transitioned_at ?? null), until: null, reason: restReason(status_details) }
  const isResting = pause_collection?.behavior === 'void'
  const end = unpaidUntil(subscription, invoices)
  if (!isResting && end === null) return null
  const until = isResting && pause_collection.resumes_at === null ? null : Math.max(isResting ? (pause_collection.resumes_at ?? 0) : 0, end ?? 0)
  return { kind: 'collection', since: null, until: inMilliseconds(until), reason: 'requested' }
}

/**
 * When a period ends that is not paid for, because the customer let it rest: its invoice, or that of a change, is the last there is and was
 * voided untried, or it is noted and a new one waits for its payment. Whoever rests again in such a period has both noted.
 */
function unpaidUntil(subscription: Stripe.Subscription, invoices: readonly Stripe.Invoice[]): number | null {
  const { status, items, metadata } = subscription
  const notes = (metadata['farebox_rest'] ?? '').split(' ')
  const latest = invoices.find(({ id }) => id === latestOf(subscription))
  const start = Math.min(...items.data.map((item) => item.current_period_start))
  const isOfPeriod = latest?.billing_reason === 'subscription_cycle' || latest?.billing_reason === 'subscription_update'
  const isVoid = latest?.status === 'void' && !latest.attempted && isOfPeriod && latest.created >= start
  const isOurs = notes.some((note) => note === 'open' || (latest !== undefined && latest.created < Number(note)))
  const isNoted = notes.includes(`waived:${start}`) && latest?.status !== 'paid'
  return ((isVoid && isOurs) || isNoted) && status === 'active' ? Math.min(...items.data.map((item) => item.current_period_end)) : null
}

function restReason(details: Stripe.Subscription['status_details']): NonNullable<Subscription['paused']>['reason'] {
  const type = details?.paused?.subscription.type
  if (type === 'trial_end_without_payment_method') return 'trial-without-card'
  if (type === 'pause_requested') return 'requested'
  return type === 'first_payment_failure' || type === 'final_payment_failure' ? 'payment-failed' : null
}

export function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1
}

function inMilliseconds(seconds: number | null): number | null {
  return seconds === null ? null : 1000 * seconds
}
