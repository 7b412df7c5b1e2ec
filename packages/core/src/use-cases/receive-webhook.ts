import { isFareboxError } from '../errors/error.ts'
import type { PaymentEvent, Payments } from '../ports/payments.ts'
import type { Delivery } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { converge } from './converge.ts'
import { isId } from './customers.ts'
import { linkPaymentCustomer } from './ensure-payment-customer.ts'
import { failureCode } from './failure-code.ts'
import { findCustomerByPayment } from './find-customer.ts'
import { parkedWrite, recordFailure, unended } from './inbox.ts'
import { paymentFailureOf } from './payment-failure-of.ts'
import { paymentLinksOf } from './payment-links.ts'
import { paymentsOf } from './payments-of.ts'
import { receiveOnce } from './receive-once.ts'
import { type Wait, waitFor } from './wait.ts'
import type { WebhookOutcome } from './webhook-outcome.ts'

export type { WebhookOutcome }

/** One HTTP attempt of Stripe to tell us something. */
export interface WebhookDelivery {
  readonly body: Uint8Array<ArrayBuffer>
  /** The `Stripe-Signature` header. */
  readonly signature: string | null
}

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
  const { paymentCustomer } = event
  if (event.ours && event.warning !== undefined) return warn(context, event, event.warning)
  if (!event.ours || !event.relevant || paymentCustomer === null) return ignored
  return receiveOnce(context, event.id, async () => receiveEvent(context, payments, { ...event, paymentCustomer }), wait)
}

/**
 * Tells the log what is about no customer, and keeps it among what was put aside, so that health is degraded until somebody
 * has looked: a replay finds nothing to do and closes it.
 */
async function warn(context: Context, { id, type }: PaymentEvent, failure: string): Promise<WebhookOutcome> {
  try {
    const { kind } = await context.records.commit(nobody, [parkedWrite({ event: id, type }, failure, context.clock.now())])
    if (kind === 'conflict') return { kind: 'duplicate', customer: null }
    context.logger.error('Stripe tells of something without a customer', { event: id, type, failure })
    return { kind: 'parked', customer: null, failure }
  } catch (error) {
    return failed(context, { event: id, type }, null, error)
  }
}

/** Under this name stands what is about no customer. */
const nobody = 'farebox:nobody'

const ignored: WebhookOutcome = { kind: 'ignored', customer: null }

async function receiveEvent(
  context: Context,
  payments: Payments,
  event: PaymentEvent & { readonly paymentCustomer: string },
): Promise<WebhookOutcome> {
  const { id, type, createdAt, paymentCustomer, reads } = event
  const delivery: Delivery = { event: id, type, paymentCustomer, isReplay: false, createdAt, ...(reads !== undefined && { reads }) }
  const links = paymentLinksOf(context)
  try {
    const guessed = links.find(paymentCustomer)
    const outcome = guessed === undefined ? undefined : await processEvent(context, guessed, delivery)
    if (outcome !== undefined) return outcome
    links.delete(paymentCustomer)
    const customer = await customerOf(context, payments, paymentCustomer)
    if (customer === null) return ignored
    links.put(paymentCustomer, customer)
    return (await processEvent(context, customer, delivery)) ?? ignored
  } catch (error) {
    return failed(context, delivery, null, error)
  }
}

/**
 * Converges on behalf of an event. Also used to replay one that was put aside. `undefined` when it is about somebody else.
 */
export async function processEvent(context: Context, customer: string, delivery: Delivery): Promise<WebhookOutcome | undefined> {
  try {
    const { settled, isPending } = await converge(context, customer, delivery)
    const settlement = settled.get(delivery.event)
    if (settlement === undefined || settlement.kind === 'stranger') return undefined
    if (settlement.kind === 'unended') throw unended()
    return { ...settlement, customer, ...(isPending && { pending: true }) }
  } catch (error) {
    const { kind, failure } = await recordFailure(context, customer, delivery, error)
    if (kind === 'failed') return failed(context, delivery, customer, error)
    context.logger.error('A payment event was put aside', { event: delivery.event, type: delivery.type, failure, ...paymentFailureOf(error).log })
    return { kind: 'parked', customer, failure, pending: true }
  }
}

/** Whose event it is: the customer that is linked, or the one that Stripe's customer names; `null` for a stranger's. */
async function customerOf(context: Context, payments: Payments, paymentCustomer: string): Promise<string | null> {
  const known = await findCustomerByPayment(context, paymentCustomer)
  if (known !== undefined) return known
  const named = await namedCustomer(payments, paymentCustomer)
  if (named === null || !isId(named)) return null
  const linked = await linkPaymentCustomer(context, named, paymentCustomer)
  if (linked === paymentCustomer) return named
  context.logger.warn('Two customers in Stripe name the same one; the first counts', {
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

function failed(
  context: Context,
  { event, type }: Pick<Delivery, 'event' | 'type'>,
  customer: string | null,
  error: unknown,
): WebhookOutcome {
  const failure = failureCode(error)
  context.logger.warn('A payment event failed and will be sent again', { event, type, failure, ...paymentFailureOf(error).log })
  return { kind: 'failed', customer, failure }
}
