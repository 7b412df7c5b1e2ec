import { type Milliseconds, second } from '../domain/instant.ts'
import { isFareboxError } from '../errors/error.ts'
import type { PaymentEvent, Payments } from '../ports/payments.ts'
import type { ClaimedDelivery } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { converge } from './converge.ts'
import { findCustomerByPayment } from './find-customer.ts'
import { linkPaymentCustomer } from './ensure-payment-customer.ts'
import { failureCode } from './failure-code.ts'
import { type EventClaim, claimEvent, recordFailure } from './inbox.ts'
import { paymentsOf } from './payments-of.ts'
import { type Wait, waitFor } from './wait.ts'

/** One HTTP attempt of Stripe to tell us something. */
export interface WebhookDelivery {
  readonly body: Uint8Array<ArrayBuffer>
  /** The `Stripe-Signature` header. */
  readonly signature: string | null
}

/**
 * What became of a delivery, and whose outbox may hold something now.
 *
 * - `applied`, `superseded`: the customer is stored as Stripe has it now.
 * - `ignored`: of another app, another mode, or of a type that changes nothing; no row was written. Also where the
 *   customer is linked to Stripe no more.
 * - `duplicate`: done before.
 * - `parked`: failed too often in the same way and was put aside; health is degraded until it is replayed.
 * - `in-progress`: another worker has it in hand; Stripe should try again.
 * - `failed`: Stripe should try again.
 */
export type WebhookOutcome =
  | { readonly kind: 'applied' | 'superseded' | 'ignored' | 'duplicate' | 'in-progress'; readonly customer: string | null }
  | { readonly kind: 'parked' | 'failed'; readonly customer: string | null; readonly failure: string }

/** How long a duplicate waits for the first worker, and how often it looks. */
const longestWait = 5 * second
const pause: Milliseconds = 100

/**
 * Receives a delivery of Stripe: verified over the raw bytes, parsed once, then its customer is read anew and stored
 * together with the note that the event is done. State never comes from the body. Answer 2xx only for outcomes other
 * than `in-progress` and `failed`.
 *
 * @throws FareboxError `invalid-signature`, `invalid-request`: nothing was written and nothing of the body was logged;
 * `unavailable` or `payments-failed` when what a thin event names cannot be looked up.
 */
export async function receiveWebhook(context: Context, delivery: WebhookDelivery, wait: Wait = waitFor): Promise<WebhookOutcome> {
  const payments = paymentsOf(context)
  const event = await payments.readDelivery(delivery.body, delivery.signature)
  if (!event.ours || !event.relevant || event.paymentCustomer === null) return { kind: 'ignored', customer: null }
  try {
    const customer = await customerOf(context, payments, event.paymentCustomer)
    if (customer === null) return { kind: 'ignored', customer: null }
    const claim = await claimOrWait(context, customer, event, wait)
    return await outcomeOfClaim(context, customer, event, claim)
  } catch (error) {
    return failed(context, event, null, failureCode(error))
  }
}

async function outcomeOfClaim(
  context: Context,
  customer: string,
  event: PaymentEvent,
  claim: EventClaim,
): Promise<WebhookOutcome> {
  switch (claim.kind) {
    case 'claimed':
      return processEvent(context, customer, event, claim.delivery)
    case 'done':
      return { kind: 'duplicate', customer }
    case 'in-flight':
      return { kind: 'in-progress', customer }
    case 'failed':
    case 'parked':
      return { kind: claim.kind, customer, failure: claim.failure }
    default:
      return claim satisfies never
  }
}

/** Converges on behalf of a claimed event. Also used to replay one that was put aside. */
export async function processEvent(
  context: Context,
  customer: string,
  event: Pick<PaymentEvent, 'id' | 'type'>,
  delivery: ClaimedDelivery,
): Promise<WebhookOutcome> {
  try {
    const { kind, lost } = await converge(context, customer, delivery)
    if (lost.includes(event.id)) return { kind: 'in-progress', customer }
    return { kind: kind === 'unlinked' ? 'ignored' : kind, customer }
  } catch (error) {
    const recorded = await recordFailure(context, customer, delivery, error)
    if (recorded.kind === 'failed') return failed(context, event, customer, recorded.failure)
    const { failure } = recorded
    context.logger.error('A payment event was put aside', { event: event.id, type: event.type, failure })
    return { kind: 'parked', customer, failure }
  }
}

/** Whose event it is: the customer that is linked, or the one that Stripe's customer names; `null` for a stranger's. */
async function customerOf(context: Context, payments: Payments, paymentCustomer: string): Promise<string | null> {
  const known = await findCustomerByPayment(context, paymentCustomer)
  if (known !== undefined) return known
  const named = await namedCustomer(payments, paymentCustomer)
  if (named === null) return null
  const linked = await linkPaymentCustomer(context, named, paymentCustomer)
  if (linked === paymentCustomer) return named
  context.logger.warn('Two customers in Stripe name the same customer; the one that was linked first counts', {
    linked,
    ignored: paymentCustomer,
  })
  return null
}

async function namedCustomer(payments: Payments, paymentCustomer: string): Promise<string | null> {
  try {
    return (await payments.readCustomer(paymentCustomer)).customer
  } catch (error) {
    if (isFareboxError(error) && error.reason === 'resource_missing') return null
    throw error
  }
}

async function claimOrWait(context: Context, customer: string, event: PaymentEvent, wait: Wait): Promise<EventClaim> {
  for (let waited = 0; ; waited += pause) {
    const claim = await claimEvent(context, customer, event, waited === 0)
    if (claim.kind !== 'in-flight' || waited >= longestWait) return claim
    await wait(pause)
  }
}

function failed(
  context: Context,
  event: Pick<PaymentEvent, 'id' | 'type'>,
  customer: string | null,
  failure: string,
): WebhookOutcome {
  context.logger.warn('A payment event failed and will be sent again', { event: event.id, type: event.type, failure })
  return { kind: 'failed', customer, failure }
}
