import type { Plan, PriceInterval } from '../../domain/catalog.ts'
import { isLive } from '../../domain/is-live.ts'
import { type Subscription, hasEnded } from '../../domain/subscription.ts'
import { FareboxError } from '../../errors/error.ts'
import type { Payments } from '../../ports/payments.ts'
import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { converge } from '../converging/converge.ts'
import { trialDaysOf } from '../converging/trials.ts'
import { checkId } from '../customers/check-id.ts'
import { tooManyAtOnce } from '../customers/ensure-customer.ts'
import { checkQuantity } from '../customers/held-seats.ts'
import { drainSoon } from '../delivering/drain-soon.ts'
import { finishOperation } from '../payments/finish-operation.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { checkPlan, urlFaults } from './check-purchase.ts'
import { checkSoldIn } from './check-sold-in.ts'
import { type Sale, claimCheckout, loadCheckout, openSession, standingOf } from './open-checkout.ts'
import { getPromotionCode } from './promotion-code.ts'

/** Which plan to buy, and where the page leads back to. */
export interface PlanCheckoutRequest<PlanKey extends string = string> {
  readonly customer: string
  readonly plan: PlanKey
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
export async function startPlanCheckout(context: Context, request: PlanCheckoutRequest): Promise<{ readonly url: string }> {
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
    const url = await openSession(context, payments, claimed, { ...sale, currency, trialDays: await trialDaysOf(context, customer, plan) })
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

async function alreadySubscribed(context: Context, customer: string): Promise<FareboxError> {
  await drainSoon(context, customer)
  return new FareboxError('already-subscribed', 'The customer has a subscription; change it instead of buying another')
}
