import type { Catalog, PriceInterval } from '../../domain/catalog.ts'
import { entryOf } from '../../domain/entry-of.ts'
import type { Subscription } from '../../domain/subscription.ts'
import { FareboxError } from '../../errors/error.ts'
import type { PaymentIntent } from '../../ports/payments.ts'

/**
 * Where the catalog sells a plan in the currency that its customer is billed in, Stripe has to have the price.
 *
 * @throws FareboxError `invalid-request` (`currency-mismatch`) at `plan` where it does not.
 */
export function checkSoldIn({ plans }: Catalog, plan: string, interval: PriceInterval, currency: string): void {
  if (entryOf(plans, plan)?.prices[interval]?.amounts.some((amount) => amount.currency === currency) === true) return
  throw new FareboxError('invalid-request', 'It is not sold in the currency that is paid in', {
    reason: 'currency-mismatch',
    faults: [{ path: 'plan', message: `There is no price in ${currency}: choose another, or end the subscription first` }],
  })
}

/** {@link checkSoldIn} for what a subscription is to become: the price that it has it may keep. */
export function checkMovedTo(catalog: Catalog, { plan, interval, currency }: Subscription, intent: PaymentIntent): void {
  if (intent.kind !== 'change' || (intent.plan === plan && intent.interval === interval)) return
  checkSoldIn(catalog, intent.plan, intent.interval, currency)
}
