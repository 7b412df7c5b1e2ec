import type { PaymentEvent } from '../../ports/payments.ts'
import type { InboxRow } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { type Delivery, isLate } from '../converging/coalesce-convergence.ts'
import { converge } from '../converging/converge.ts'
import { nobody, recordFailure, unended } from '../converging/inbox.ts'
import { failureCode } from '../failure-code.ts'
import { paymentFailureOf } from '../payments/payment-failure-of.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { type Wait, waitFor } from '../wait.ts'
import { findOwner } from './find-owner.ts'
import { paymentLinksOf } from './payment-links.ts'
import { receiveOnce } from './receive-once.ts'
import type { WebhookOutcome } from './webhook-outcome.ts'

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
 * `unavailable` when Stripe cannot be asked whose account it is.
 */
export async function receiveWebhook(context: Context, delivery: WebhookDelivery, wait: Wait = waitFor): Promise<WebhookOutcome> {
  const event = await paymentsOf(context).readDelivery(delivery.body, delivery.signature)
  const { id, type, ours, relevant, warning } = event
  const about = event.paymentCustomer ?? event.about
  if (ours && warning !== undefined) context.logger.warn('Stripe tells of something without a customer', { event: id, type, failure: warning })
  if (!ours || !relevant || about === undefined) return ignored
  return receiveOnce(context, id, async () => receiveEvent(context, { ...event, about }), wait)
}

const ignored: WebhookOutcome = { kind: 'ignored', customer: null }

async function receiveEvent(context: Context, event: PaymentEvent & { readonly about: string }): Promise<WebhookOutcome> {
  const { id, type, createdAt, reads, about } = event
  const told: Told = { event: id, type, isReplay: false, createdAt, ...(reads !== undefined && { reads }) }
  try {
    const noted = isLate(told, context.clock.now()) ? await findNoted(context, id) : undefined
    if (noted?.state === 'parked') return { kind: 'parked', customer: null, failure: noted.failure ?? 'internal' }
    const outcome = await receiveFor(context, told, event.paymentCustomer ?? (await paymentsOf(context).findPaymentCustomer(about)))
    // From now on it is noted with its customer what becomes of it.
    if (noted?.state === 'failed') await converge(context, nobody, { ...told, paymentCustomer: null })
    return outcome
  } catch (error) {
    const delivery = { ...told, paymentCustomer: null }
    return noteFailure(context, nobody, delivery, error, about).catch(() => failed(context, delivery, null, error))
  }
}

type Told = Omit<Delivery, 'paymentCustomer'>

/** What was noted of an event while it could not be found out whose it is. */
async function findNoted({ records }: Context, event: string): Promise<InboxRow | undefined> {
  const { rows } = await records.load(nobody, ['inbox'], { inbox: [event] })
  return rows.inbox.find(({ id }) => id === event)?.value
}

async function receiveFor(context: Context, told: Told, paymentCustomer: string | null): Promise<WebhookOutcome> {
  if (paymentCustomer === null) return ignored
  const delivery: Delivery = { ...told, paymentCustomer }
  const links = paymentLinksOf(context)
  const guessed = links.find(paymentCustomer)
  const outcome = guessed === undefined ? undefined : await processEvent(context, guessed, delivery)
  if (outcome !== undefined) return outcome
  const customer = await findOwner(context, paymentCustomer)
  if (customer === null) return ignored
  links.put(paymentCustomer, customer)
  return (await processEvent(context, customer, delivery)) ?? ignored
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
    return noteFailure(context, customer, delivery, error)
  }
}

/** Writes down that an event failed, and tells the log. `about`: what it names, where it is not known whose that is. */
async function noteFailure(context: Context, customer: string, delivery: Delivery, error: unknown, about?: string): Promise<WebhookOutcome> {
  const { kind, failure } = await recordFailure(context, customer, delivery, error, about)
  const known = customer === nobody ? null : customer
  if (kind === 'failed') return failed(context, delivery, known, error)
  context.logger.error('A payment event was put aside', { event: delivery.event, type: delivery.type, failure, ...paymentFailureOf(error).log })
  return { kind: 'parked', customer: known, failure, ...(known !== null && { pending: true }) }
}

/**
 * Tries an event again of which it could not be found out whose it is. Once its customer was read the note of it is closed.
 */
export async function processNoted(context: Context, about: string, delivery: Delivery): Promise<WebhookOutcome> {
  try {
    const outcome = await receiveFor(context, delivery, await paymentsOf(context).findPaymentCustomer(about))
    if (!('failure' in outcome)) await converge(context, nobody, delivery)
    return outcome
  } catch (error) {
    return noteFailure(context, nobody, delivery, error)
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
