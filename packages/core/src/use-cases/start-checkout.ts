import type { Plan, PriceInterval } from '../domain/catalog.ts'
import { type Subscription, hasEnded } from '../domain/subscription.ts'
import { type Fault, FareboxError } from '../errors/error.ts'
import type { Payments } from '../ports/payments.ts'
import { convergencesOf } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { converge } from './converge.ts'
import { checkId } from './customers.ts'
import { drainSoon } from './drain-soon.ts'
import { type Sale, claimCheckout, loadCheckout, openSession, standingOf, tooManyAtOnce } from './open-checkout.ts'
import { finishOperation } from './operations.ts'
import { paymentsOf } from './payments-of.ts'
import { trialDaysOf } from './trials.ts'

/** What to buy, and where the page leads back to. */
export interface CheckoutStart {
  readonly customer: string
  readonly plan: string
  readonly interval: PriceInterval
  /** How many seats or units; 1 unless said otherwise. */
  readonly quantity?: number
  /** ISO 4217, for plans that are sold in several; the price's own unless said otherwise. */
  readonly currency?: string
  /** Stripe's id of a promotion code (`promo_...`) that applies without being typed in. */
  readonly promotionCode?: string
  /** Absolute, http or https. */
  readonly successUrl: string
  readonly cancelUrl: string
  /** Written to Stripe's customer; never used to find one. */
  readonly email?: string | null
}

/** Callers who want different plans at the same time take the row from one another; at some point one gives up. */
const mostAttempts = 20

/**
 * A page on which the customer pays. However often and from wherever it is asked for, there is one Stripe customer and
 * one open session: the same plan shares it, another plan expires it first. A trial is given once in a customer's life.
 *
 * @throws FareboxError `already-subscribed` when the records or Stripe show a subscription that has not ended (a change of
 * plan is the way then); `invalid-request`, `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function startCheckout(context: Context, request: CheckoutStart): Promise<{ readonly url: string }> {
  const payments = paymentsOf(context)
  const customer = checkId(request.customer, 'customer')
  const plan = checkSale(context, request)
  const { interval, quantity = 1, currency = null, promotionCode = null, successUrl, cancelUrl, email = null } = request
  const sale: Omit<Sale, 'trialDays'> = {
    customer, plan: plan.key, interval, quantity, currency, promotionCode, successUrl, cancelUrl, email,
    trialRequiresCard: plan.trialRequiresCard,
  }
  const key = JSON.stringify(['checkout', { ...sale, email: null }])
  return convergencesOf(context).share(key, () => findOrOpen(context, payments, sale, plan))
}

async function findOrOpen(
  context: Context,
  payments: Payments,
  sale: Omit<Sale, 'trialDays'>,
  plan: Plan,
): Promise<{ readonly url: string }> {
  const { customer } = sale
  const completed = new Set<string>()
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const operation = await finishOperation(context, customer)
    const { records } = await converge(context, customer, null)
    const live = records.subscriptions.filter(isLive)
    const isSubscribed = live.some(({ status }) => status !== 'incomplete')
    const known = await loadCheckout(context, customer)
    // A first payment that failed can still be made on its own page, so that page is left alone.
    const isUnpaid = live.length > 0 && !isSubscribed
    const standing = await standingOf(payments, known, isSubscribed ? null : sale, isUnpaid)
    if (isSubscribed) throw await alreadySubscribed(context, customer)
    if (standing.kind === 'shared') return { url: standing.url }
    if (standing.kind === 'completed' && !completed.has(standing.session)) {
      // Paid a moment ago, perhaps after the records were read: read them again before anything is sold.
      completed.add(standing.session)
      continue
    }
    if (live.length > 0) throw await alreadySubscribed(context, customer)
    const claimed = standing.kind === 'joined' ? known : await claimCheckout(context, customer, { checkout: known, operation }, sale)
    if (claimed === undefined) continue
    const url = await openSession(context, payments, claimed, { ...sale, trialDays: await trialDaysOf(context, records, plan) })
    if (url !== undefined) return { url }
  }
  throw tooManyAtOnce()
}

/** @throws FareboxError `invalid-request` with the path, unless `url` is absolute and http or https. */
export function checkReturnUrl(url: unknown, path: string): void {
  const faults = urlFaults(url, path)
  if (faults.length > 0) throw new FareboxError('invalid-request', 'The address is not valid', { faults })
}

/** Whether a subscription stands in the way of another: also one of unknown status, or ours whose plan cannot be told. */
export function isLive(subscription: Subscription): boolean {
  return subscription.ours && subscription.endedAt === null && !hasEnded(subscription)
}

async function alreadySubscribed(context: Context, customer: string): Promise<FareboxError> {
  await drainSoon(context, customer)
  return new FareboxError('already-subscribed', 'The customer has a subscription; change it instead of buying another')
}

/** Checks everything that a sale is made of. @throws FareboxError `invalid-request` with every fault. */
export function checkSale(context: Context, sale: Omit<CheckoutStart, 'customer' | 'email'>): Plan {
  const { plan, faults } = planFaults(context, sale)
  faults.push(...urlFaults(sale.successUrl, 'successUrl'), ...urlFaults(sale.cancelUrl, 'cancelUrl'))
  if (plan !== undefined && faults.length === 0) return plan
  throw new FareboxError('invalid-request', 'The checkout is not valid', { faults })
}

/** What is wrong with a plan, an interval and a quantity, by their paths. */
export function planFaults(
  context: Context,
  { plan: key, interval, quantity, currency, promotionCode }: Omit<CheckoutStart, 'customer' | 'successUrl' | 'cancelUrl'>,
): { readonly plan: Plan | undefined; readonly faults: Fault[] } {
  const plan = Object.hasOwn(context.catalog.plans, key) ? context.catalog.plans[key] : undefined
  const faults: Fault[] = []
  if (plan === undefined) faults.push({ path: 'plan', message: 'Give the key of a plan of the catalog' })
  else if (!Object.hasOwn(plan.prices, interval)) {
    const sold = Object.keys(plan.prices).join(' or ')
    faults.push({ path: 'interval', message: sold === '' ? 'This plan is not for sale' : `This plan is sold by ${sold}` })
  }
  if (quantity !== undefined && (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > mostUnits)) {
    faults.push({ path: 'quantity', message: `Give a whole number from 1 to ${mostUnits}` })
  }
  if (currency !== undefined && !/^[a-z]{3}$/.test(currency)) faults.push({ path: 'currency', message: 'Give a currency code such as eur' })
  if (promotionCode !== undefined && !/^promo_\w{1,200}$/.test(promotionCode)) {
    faults.push({ path: 'promotionCode', message: 'Give the id of a promotion code: promo_...' })
  }
  return { plan, faults }
}

/** Beyond any seat plan, and small enough that no product of it with a price loses digits. */
const mostUnits = 1_000_000

function urlFaults(url: unknown, path: string): readonly Fault[] {
  const isUrl = typeof url === 'string' && url.length <= 2048 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isUrl ? [] : [{ path, message: 'Give an absolute http or https URL of at most 2048 characters' }]
}
