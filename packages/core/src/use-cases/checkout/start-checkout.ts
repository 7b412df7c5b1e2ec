import { isWhole } from '../../domain/amount.ts'
import type { Plan, PriceInterval } from '../../domain/catalog.ts'
import { entryOf } from '../../domain/entry-of.ts'
import type { Money } from '../../domain/money.ts'
import { mostSeats } from '../../domain/parse-price.ts'
import { type Subscription, hasEnded } from '../../domain/subscription.ts'
import { type Fault, FareboxError } from '../../errors/error.ts'
import type { Payments } from '../../ports/payments.ts'
import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { converge } from '../converging/converge.ts'
import { trialDaysOf } from '../converging/trials.ts'
import { checkId, tooManyAtOnce } from '../customers/customers.ts'
import { checkQuantity } from '../customers/held-seats.ts'
import { drainSoon } from '../delivering/drain-soon.ts'
import { finishOperation } from '../payments/operations.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { checkSoldIn } from './check-sold-in.ts'
import { type Sale, claimCheckout, loadCheckout, openSession, standingOf } from './open-checkout.ts'

/** What to buy, and where the page leads back to. */
export interface CheckoutStart {
  readonly customer: string
  readonly plan: string
  readonly interval: PriceInterval
  /** How many seats or units; unless said otherwise the fewest that are sold, and as many seats as are held. */
  readonly quantity?: number
  /** ISO 4217, for plans that are sold in several; unless said otherwise the one of the last purchase, else the first of them. */
  readonly currency?: string
  /** A promotion code as people know it, such as `SPRING25`, or Stripe's id of one (`promo_...`): it applies without being typed in. */
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
  const plan = checkPlan(context, request, 'checkout', [
    ...urlFaults(request.successUrl, 'successUrl'), ...urlFaults(request.cancelUrl, 'cancelUrl'),
  ])
  const fewest = await checkQuantity(context, request)
  const { interval, currency = null, successUrl, cancelUrl, email = null } = request
  const quantity = request.quantity ?? Math.max(plan.prices[interval]?.minimum ?? 1, fewest)
  const promotionCode = request.promotionCode === undefined ? null : await getPromotionCode(payments, request.promotionCode).catch(async (error: unknown) => {
    // It may have been used up by this very customer, who has paid and asks again.
    const { records } = await converge(context, customer, null)
    throw records.subscriptions.some(isLive) ? await alreadySubscribed(context, customer) : error
  })
  const sale: Omit<Sale, 'trialDays'> = {
    customer, plan: plan.key, interval, quantity, currency, promotionCode, successUrl, cancelUrl, email,
    trialRequiresCard: plan.trialRequiresCard,
  }
  const key = JSON.stringify(['checkout', { ...sale, email: null }])
  return convergencesOf(context).share(key, () => findOrOpen(context, payments, sale, plan))
}

/** Of an error about a promotion code that is not good for what it was given with. */
export const codeRefused = 'promotion-code-refused'

/**
 * The payment service's id of a code. What is `known` and not active any more may have been used by who asks a second time.
 * @throws FareboxError `invalid-request` with the path where there is no such code.
 */
export async function getPromotionCode(payments: Payments, code: string, which: 'active' | 'known' = 'active'): Promise<string> {
  if (code.startsWith('promo_')) return code
  const found = await payments.findPromotionCode(code)
  if (found !== undefined && (found.active || which === 'known')) return found.id
  throw new FareboxError('invalid-request', 'The promotion code cannot be used', {
    reason: codeRefused,
    faults: [{ path: 'promotionCode', message: 'There is no such code, or it has expired' }],
  })
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
    const held = heldCurrency(records.subscriptions)
    if (held !== undefined) checkSoldIn(context.catalog, sale.plan, sale.interval, held)
    const claimed = standing.kind === 'joined' ? known : await claimCheckout(context, customer, { checkout: known, operation }, sale)
    if (claimed === undefined) continue
    const currency = held ?? sale.currency
    const url = await openSession(context, payments, claimed, { ...sale, currency, trialDays: await trialDaysOf(context, records, plan) })
    if (url !== undefined) return { url }
  }
  throw tooManyAtOnce()
}

/**
 * What Stripe bills a customer in as long as there is any subscription, also one that has nothing to do with this app:
 * https://support.stripe.com/questions/set-or-change-currency-for-an-invoice-or-customer-in-stripe-billing
 */
function heldCurrency(subscriptions: readonly Subscription[]): string | undefined {
  return subscriptions.find((item) => item.endedAt === null && !hasEnded(item))?.currency
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

/** @throws FareboxError `invalid-request` (`contact-sales`) at `plan` for one that only the app's own code sells, once it was talked about. */
export function checkOffered({ catalog }: Context, plan: string): void {
  if (entryOf(catalog.plans, plan)?.contactSales !== true) return
  throw new FareboxError('invalid-request', 'The plan is not sold here', {
    reason: 'contact-sales',
    faults: [{ path: 'plan', message: 'Get in touch: this plan is sold by talking' }],
  })
}

/** The plan that is asked for. @throws FareboxError `invalid-request` with every fault, and with `more` that was found before. */
export function checkPlan(
  context: Context,
  { plan: key, interval, quantity, currency, promotionCode }: Omit<CheckoutStart, 'customer' | 'successUrl' | 'cancelUrl'>,
  what: 'checkout' | 'change',
  more: readonly Fault[] = [],
): Plan {
  const plan = entryOf(context.catalog.plans, key)
  const price = entryOf(plan?.prices ?? {}, interval)
  const faults: Fault[] = []
  if (plan === undefined) faults.push({ path: 'plan', message: 'Give the key of a plan of the catalog' })
  else if (price === undefined) {
    const sold = Object.keys(plan.prices).join(' or ')
    faults.push({ path: 'interval', message: sold === '' ? 'This plan is not for sale' : `This plan is sold by ${sold}` })
  }
  const { minimum = 1, amounts = [] } = price ?? {}
  faults.push(...quantityFaults(quantity, minimum, mostSeats), ...currencyFaults('plan', amounts, currency))
  if (promotionCode !== undefined && !/^(promo_\w{1,200}|[A-Za-z0-9-]{1,200})$/.test(promotionCode)) {
    faults.push({ path: 'promotionCode', message: 'Give a promotion code: letters, digits and hyphens' })
  }
  faults.push(...more)
  if (plan !== undefined && faults.length === 0) return plan
  throw new FareboxError('invalid-request', `The ${what} is not valid`, { faults })
}

/** What is wrong with how many of something are asked for. */
export function quantityFaults(quantity: number | undefined, least: number, most: number): readonly Fault[] {
  const isFine = quantity === undefined || isWhole(quantity, least, most)
  return isFine ? [] : [{ path: 'quantity', message: `Give a whole number from ${least} to ${most}` }]
}

/** What is wrong with the currency that a plan or pack is asked for in; one that is not for sale has no amounts. */
export function currencyFaults(what: 'plan' | 'pack', amounts: readonly Money[], currency: string | undefined): readonly Fault[] {
  if (currency === undefined || amounts.some((amount) => amount.currency === currency)) return []
  const sold = amounts.map((amount) => amount.currency).join(' or ')
  return [{ path: 'currency', message: sold === '' ? 'Give a currency code such as eur' : `This ${what} is sold in ${sold}` }]
}

/** What is wrong with an address that a page leads back to. */
export function urlFaults(url: unknown, path: string): readonly Fault[] {
  const isUrl = typeof url === 'string' && url.length <= 2048 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isUrl ? [] : [{ path, message: 'Give an http or https URL of at most 2048 characters' }]
}
