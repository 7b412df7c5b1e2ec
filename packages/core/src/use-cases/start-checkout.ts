import type { Plan, PriceInterval } from '../domain/catalog.ts'
import type { CustomerRecords } from '../domain/entitlement.ts'
import { type Subscription, hasEnded } from '../domain/subscription.ts'
import { type Fault, FareboxError, isFareboxError } from '../errors/error.ts'
import type { CheckoutSession, Payments } from '../ports/payments.ts'
import type { CheckoutRow, RecordEntry, RecordWrite } from '../ports/record-store.ts'
import { convergencesOf } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { converge } from './converge.ts'
import { checkId } from './customers.ts'
import { drainSoon } from './drain-soon.ts'
import { ensurePaymentCustomer } from './ensure-payment-customer.ts'
import { paymentsOf } from './payments-of.ts'

/** What to buy, and where the page leads back to. */
export interface CheckoutStart {
  readonly customer: string
  readonly plan: string
  readonly interval: PriceInterval
  /** Absolute, http or https. */
  readonly successUrl: string
  readonly cancelUrl: string
  /** Written to Stripe's customer; never used to find one. */
  readonly email?: string | null
}

/** A customer has at most one open checkout, noted in one row. */
const rowId = 'open'

/** Callers who want different plans at the same time take the row from one another; at some point one gives up. */
const mostAttempts = 20

/**
 * A page on which the customer pays. However often and from wherever it is asked for, there is one Stripe customer and
 * one open session: the same plan shares it, another plan expires it first. A trial is given once in a customer's life.
 *
 * @throws FareboxError `already-subscribed` when the records or Stripe show a subscription that has not ended (the
 * portal is the way then); `invalid-request`, `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function startCheckout(context: Context, request: CheckoutStart): Promise<{ readonly url: string }> {
  const payments = paymentsOf(context)
  const customer = checkId(request.customer, 'customer')
  const plan = checkSale(context, request)
  const key = JSON.stringify(['checkout', customer, plan.key, request.interval, request.successUrl, request.cancelUrl])
  return convergencesOf(context).share(key, () => findOrOpen(context, payments, { ...request, customer }, plan))
}

async function findOrOpen(
  context: Context,
  payments: Payments,
  request: CheckoutStart,
  plan: Plan,
): Promise<{ readonly url: string }> {
  const { customer } = request
  const completed = new Set<string>()
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const { records } = await converge(context, customer, null)
    const live = records.subscriptions.filter(isLive)
    const isSubscribed = live.some(({ status }) => status !== 'incomplete')
    const { rows } = await context.records.load(customer, ['checkouts'])
    const known = rows.checkouts.find(({ id }) => id === rowId)
    // A first payment that failed can still be made on its own page, so that page is left alone.
    const isUnpaid = live.length > 0 && !isSubscribed
    const standing = await standingOf(payments, known, isSubscribed ? null : request, isUnpaid)
    if (isSubscribed) throw await alreadySubscribed(context, customer)
    if (standing.kind === 'shared') return { url: standing.url }
    if (standing.kind === 'completed' && !completed.has(standing.session)) {
      // Paid a moment ago, perhaps after the records were read: read them again before anything is sold.
      completed.add(standing.session)
      continue
    }
    if (live.length > 0) throw await alreadySubscribed(context, customer)
    const claimed = standing.kind === 'joined' ? known : await claimRow(context, customer, known, request)
    if (claimed === undefined) continue
    const url = await openSession(context, payments, claimed, request, trialDaysOf(plan, records))
    if (url !== undefined) return { url }
  }
  throw new FareboxError('conflict', 'The customer is starting too many checkouts at once')
}

/** @throws FareboxError `invalid-request` with the path, unless `url` is absolute and http or https. */
export function checkReturnUrl(url: unknown, path: string): void {
  const faults = urlFaults(url, path)
  if (faults.length > 0) throw new FareboxError('invalid-request', 'The address is not valid', { faults })
}

/** What the customer's row stands for now. */
type Standing =
  | { readonly kind: 'shared'; readonly url: string }
  | { readonly kind: 'completed'; readonly session: string }
  /** Somebody is making the very same session, or stopped midway. */
  | { readonly kind: 'joined' }
  | { readonly kind: 'free' }

/** Expires an open session that nobody should pay any more, unless it is spared: one for another plan, or any where none is wanted. */
async function standingOf(
  payments: Payments,
  known: RecordEntry<'checkouts'> | undefined,
  wanted: CheckoutStart | null,
  isSpared: boolean,
): Promise<Standing> {
  if (known === undefined) return { kind: 'free' }
  const isWanted = known.value.plan === wanted?.plan && known.value.interval === wanted.interval
  const { session } = known.value
  if (session === null) return { kind: isWanted ? 'joined' : 'free' }
  let found = await payments.findCheckout(session)
  if (found?.status === 'open' && isWanted && found.url !== null) return { kind: 'shared', url: found.url }
  if (found?.status === 'open' && !isSpared) found = await payments.expireCheckout(session)
  return found?.status === 'complete' ? { kind: 'completed', session } : { kind: 'free' }
}

/** Names a new attempt in the customer's row; `undefined` when someone else was faster. */
async function claimRow(
  context: Context,
  customer: string,
  known: RecordEntry<'checkouts'> | undefined,
  { plan, interval }: CheckoutStart,
): Promise<RecordEntry<'checkouts'> | undefined> {
  const value: CheckoutRow = { operation: context.random.id(), plan, interval, session: null, url: null, expiresAt: null }
  const expect = known?.revision ?? 0
  const outcome = await context.records.commit(customer, [{ collection: 'checkouts', id: rowId, expect, value }])
  return outcome.kind === 'committed' ? { customer, id: rowId, revision: expect + 1, value } : undefined
}

/** Makes the session that the row names and notes it there; `undefined` when it is not the one to use. */
async function openSession(
  context: Context,
  payments: Payments,
  claimed: RecordEntry<'checkouts'>,
  request: CheckoutStart,
  trialDays: number,
): Promise<string | undefined> {
  const { customer, successUrl, cancelUrl, email = null } = request
  const { operation, plan } = claimed.value
  const paymentCustomer = await ensurePaymentCustomer(context, customer, { email })
  const asked = { paymentCustomer, customer, plan, interval: request.interval, trialDays, successUrl, cancelUrl, operation }
  const made = await payments.createCheckout(asked).catch(async (error: unknown) => {
    await forgetRefused(context, claimed, error)
    throw error
  })
  const value: CheckoutRow = { ...claimed.value, session: made.id, url: made.url, expiresAt: made.expiresAt }
  const outcome = await context.records.commit(customer, [{ collection: 'checkouts', id: rowId, expect: claimed.revision, value }])
  const { rows, now } = await context.records.load(customer, ['checkouts'])
  const isNoted = outcome.kind === 'committed' || rows.checkouts.some(({ id, value: row }) => id === rowId && row.session === made.id)
  if (!isNoted) await payments.expireCheckout(made.id)
  return isNoted && isPayable(made, now) ? (made.url ?? undefined) : undefined
}

/** What was refused is refused again under the same key, also once its reason is mended: the next click begins anew. */
async function forgetRefused(context: Context, claimed: RecordEntry<'checkouts'>, error: unknown): Promise<void> {
  if (!isFareboxError(error) || error.code !== 'payments-failed') return
  const write: RecordWrite = { collection: 'checkouts', id: rowId, expect: claimed.revision, value: null }
  await context.records.commit(claimed.customer, [write])
}

/** A repeated request is answered as it was the first time, which may be long ago. */
function isPayable({ status, expiresAt }: CheckoutSession, now: number): boolean {
  return status === 'open' && expiresAt > now
}

/** Whether a subscription stands in the way of another: also one of unknown status, or ours whose plan cannot be told. */
function isLive(subscription: Subscription): boolean {
  return subscription.ours && subscription.endedAt === null && !hasEnded(subscription)
}

function trialDaysOf(plan: Plan, { subscriptions }: CustomerRecords): number {
  return subscriptions.some(({ trialEnd }) => trialEnd !== null) ? 0 : plan.trialDays
}

async function alreadySubscribed(context: Context, customer: string): Promise<FareboxError> {
  await drainSoon(context, customer)
  return new FareboxError('already-subscribed', 'The customer has a subscription; change it instead of buying another')
}

function checkSale(context: Context, { plan: key, interval, successUrl, cancelUrl }: CheckoutStart): Plan {
  const plan = Object.hasOwn(context.catalog.plans, key) ? context.catalog.plans[key] : undefined
  const faults: Fault[] = [...urlFaults(successUrl, 'successUrl'), ...urlFaults(cancelUrl, 'cancelUrl')]
  if (plan === undefined) faults.push({ path: 'plan', message: 'Give the key of a plan of the catalog' })
  else if (!Object.hasOwn(plan.prices, interval)) {
    const sold = Object.keys(plan.prices).join(' or ')
    faults.push({ path: 'interval', message: sold === '' ? 'This plan is not for sale' : `This plan is sold by ${sold}` })
  }
  if (plan !== undefined && faults.length === 0) return plan
  throw new FareboxError('invalid-request', 'The checkout is not valid', { faults })
}

function urlFaults(url: unknown, path: string): readonly Fault[] {
  const isUrl = typeof url === 'string' && url.length <= 2048 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isUrl ? [] : [{ path, message: 'Give an absolute http or https URL of at most 2048 characters' }]
}
