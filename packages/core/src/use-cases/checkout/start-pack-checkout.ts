import { entryOf } from '../../domain/entry-of.ts'
import type { Pack } from '../../domain/pack.ts'
import { type Fault, FareboxError } from '../../errors/error.ts'
import type { PackCheckoutSessionRequest, Payments } from '../../ports/payments.ts'
import type { Context } from '../context.ts'
import { convergencesOf } from '../converging/coalesce-convergence.ts'
import { checkId } from '../customers/check-id.ts'
import { tooManyAtOnce } from '../customers/ensure-customer.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { currencyFaults, quantityFaults, urlFaults } from './check-purchase.ts'
import { claimRow, loadCheckout, openClaimed, standingOf } from './open-checkout.ts'

/** Which pack to buy, and where the page leads back to. */
export interface PackCheckoutRequest<PackKey extends string = string> {
  readonly customer: string
  readonly pack: PackKey
  /** How many of them; 1 unless said otherwise. */
  readonly quantity?: number
  /** ISO 4217, for packs that are sold in several; the first of them unless said otherwise. */
  readonly currency?: string
  /** Absolute, http or https. */
  readonly successUrl: string
  readonly cancelUrl: string
  /** Written to Stripe's customer; never used to find one. */
  readonly email?: string | null
}

type PackSale = Omit<PackCheckoutSessionRequest, 'paymentCustomer' | 'operation'> & { readonly email: string | null }

const mostPacks = 10_000

/** Callers who want different numbers of a pack at the same time take the row from one another; at some point one gives up. */
const mostAttempts = 20

/**
 * A page on which the customer pays a pack once, whatever subscription there is. Two clicks share one page; another number of
 * the same pack expires it first; pages of other packs, and of plans, stay open beside it.
 *
 * @throws FareboxError `invalid-request`, `payments-failed`, `unavailable`, `not-found` without payments.
 */
export async function startPackCheckout(context: Context, request: PackCheckoutRequest): Promise<{ readonly url: string }> {
  const payments = paymentsOf(context)
  const customer = checkId(request.customer, 'customer')
  const { pack, currency } = checkPackSale(context, request)
  const { quantity = 1, successUrl, cancelUrl, email = null } = request
  const sale: PackSale = { customer, pack: pack.key, quantity, currency, successUrl, cancelUrl, email }
  const key = JSON.stringify(['pack-checkout', { ...sale, email: null }])
  return convergencesOf(context).share(key, () => findOrOpen(context, payments, sale))
}

async function findOrOpen(context: Context, payments: Payments, { email, ...sale }: PackSale): Promise<{ readonly url: string }> {
  const { customer, pack, quantity, currency } = sale
  const wanted = { plan: pack, interval: 'once', quantity, currency, promotionCode: null } as const
  const id = `pack:${pack}`
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const known = await loadCheckout(context, customer, id)
    const standing = await standingOf(payments, known, wanted, false)
    if (standing.kind === 'shared') return { url: standing.url }
    const claimed = standing.kind === 'joined' ? known : await claimRow(context, { customer, id, known }, wanted)
    if (claimed === undefined) continue
    const { operation } = claimed.value
    const url = await openClaimed(context, payments, claimed, email, (paymentCustomer) =>
      payments.createPackCheckout({ ...sale, paymentCustomer, operation }),
    )
    if (url !== undefined) return { url }
  }
  throw tooManyAtOnce()
}

/** @throws FareboxError `invalid-request` with every fault. */
function checkPackSale(
  { catalog }: Context,
  { pack: key, quantity, currency, successUrl, cancelUrl }: PackCheckoutRequest,
): { readonly pack: Pack; readonly currency: string | null } {
  const pack = entryOf(catalog.packs, key)
  const faults: Fault[] = [...urlFaults(successUrl, 'successUrl'), ...urlFaults(cancelUrl, 'cancelUrl')]
  if (pack === undefined) faults.push({ path: 'pack', message: 'Give the key of a pack of the catalog' })
  else faults.push(...currencyFaults('pack', pack.amounts, currency))
  faults.push(...quantityFaults(quantity, 1, mostPacks))
  if (pack !== undefined && faults.length === 0) return { pack, currency: currency ?? null }
  throw new FareboxError('invalid-request', 'The checkout is not valid', { faults })
}
