import * as z from 'zod/mini'
import { type Instant, second } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import { systemClock } from '../../ports/clock.ts'
import type { Payments } from '../../ports/payments.ts'
import { type StripePaymentsOptions, checkOptions } from './check-options.ts'
import { createHostedPages } from './checkout-sessions.ts'
import type { StripeClient } from './client.ts'
import { customerOf } from './customer-of.ts'
import { findUpcoming } from './find-upcoming.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { listCustomers } from './list-customers.ts'
import { listInvoices } from './list-invoices.ts'
import { listPaymentMethods } from './list-payment-methods.ts'
import { customerMetadata, installationMetadata } from '../../catalog/stripe-names.ts'
import { createPackCheckout } from './pack-checkout.ts'
import { createAccountCheck } from './own-account.ts'
import { parseEvent, subjectOfId } from './parse-event.ts'
import { findPromotionCode } from './promotion-codes.ts'
import { readCustomer } from './read-customer.ts'
import { readPurchases } from './read-purchases.ts'
import { readPages } from './read-pages.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'
import { createSubscriptionChanges } from './subscription-changes.ts'
import { createSignatureVerifier } from './verify-signature.ts'
import { writeOnce } from './write-once.ts'

/** Larger deliveries are refused unread. Stripe's are far smaller. */
const largestBody = 1024 * 1024

/** One customer is not deleted and made anew more often than this within a day. */
const mostDeleted = 20

const idShape = z.object({ id: z.string() })
const deletedShape = z.object({ deleted: z.optional(z.boolean()) })
const madeShape = z.object({ id: z.string(), metadata: z.optional(z.record(z.string(), z.string())) })

/**
 * Payments over the app's own Stripe account. Every write carries an idempotency key made of what it is for and of all
 * of its parameters; every answer is parsed; no error repeats what Stripe's message said.
 *
 * @throws FareboxError `invalid-configuration` naming every fault at once.
 */
export function stripePayments(options: StripePaymentsOptions): Payments {
  const { secrets, checkout } = checkOptions(options)
  const { client, installation, mode, clock = systemClock } = options
  const isFromAccount = createAccountCheck(client, options.connectedAccount)
  const verifier = createSignatureVerifier(secrets)

  return {
    ...createHostedPages(client, installation, { portalConfiguration: options.portalConfiguration, checkout }),
    ...createSubscriptionChanges(client, installation),

    async createCustomer({ customer, email, name, since }) {
      // Only what never changes goes into the creation, so that its key is the customer's for good.
      const metadata = {
        [customerMetadata]: customer,
        ...(installation !== undefined && { [installationMetadata]: installation }),
      }
      const id = await createOnce(client, metadata, since)
      const details = { ...(email !== null && { email }), ...(name !== null && { name }) }
      if (email !== null || name !== null) {
        const key = await idempotencyKeyOf('customer-details', [id, details])
        await callStripe(() => client.customers.update(id, details, { idempotencyKey: key })).catch(passOverRefusal)
      }
      return { paymentCustomer: id }
    },

    readPurchases: (request) => readPurchases(client, installation, request),
    createPackCheckout: (request) => createPackCheckout(client, installation, checkout, request),
    readCustomer: (paymentCustomer) => readCustomer(client, installation, paymentCustomer),
    findPromotionCode: (code) => findPromotionCode(client, code),
    listInvoices: (request) => listInvoices(client, request),
    findUpcoming: (subscription) => findUpcoming(client, subscription),
    listPaymentMethods: (request) => listPaymentMethods(client, request),
    listCustomers: (request) => listCustomers(client, installation, request),

    async readDelivery(body, signature) {
      if (body.length > largestBody) {
        throw new FareboxError('invalid-request', 'The body is too large', { reason: 'payload-too-large' })
      }
      const verifying = verifier.verify(body, signature, clock.now())
      if (verifying !== undefined) await verifying
      const event = parseEvent(body)
      const { id, type, livemode, createdAt, use, subject, reads } = event
      const isOfMode = mode === undefined || livemode === (mode === 'live')
      const ours = isOfMode && use !== 'ignore' && (await isFromAccount(event))
      const relevant = use === 'converge'
      const isNamed = ours && relevant && subject.kind !== 'none'
      const isCustomer = isNamed && subject.kind === 'customer'
      const whose = { paymentCustomer: isCustomer ? subject.id : null, ...(isNamed && !isCustomer && { about: subject.id }) }
      return { id, type, createdAt, relevant, ours, ...whose, ...(reads !== undefined && { reads }), ...(use === 'warn' && { warning: 'usage-dropped' }) }
    },
    findPaymentCustomer: async (about) => customerOf(client, subjectOfId(about)),
  }
}

/**
 * A customer that is there. For a day Stripe answers a creation as it did the first time, also when what it made was
 * deleted since: then the deleted ones become part of the key, and every racer arrives at the same new one.
 */
async function createOnce(client: StripeClient, metadata: Readonly<Record<string, string>>, since: Instant): Promise<string> {
  const deleted: string[] = []
  while (deleted.length < mostDeleted) {
    const { id } = await writeOnce({
      intent: 'customer',
      parameters: [metadata, ...deleted],
      write: async (idempotencyKey) => parseAnswer(idShape, await client.customers.create({ metadata }, { idempotencyKey })),
      find: () => findMade(client, metadata, since),
    })
    const found = parseAnswer(deletedShape, await callStripe(() => client.customers.retrieve(id)))
    if (found.deleted !== true) return id
    deleted.push(id)
  }
  throw new FareboxError('payments-failed', 'The customer was deleted in Stripe too often', { reason: 'customer-deleted' })
}

/**
 * The customer of these metadata among those made since: the list tells at once what a search tells only after a while.
 * @throws FareboxError `payments-failed` where more were made than can be looked through: then nothing is proven.
 */
async function findMade(
  client: StripeClient,
  metadata: Readonly<Record<string, string>>,
  since: Instant,
): Promise<{ readonly id: string } | undefined> {
  const created = { gte: Math.floor(since / second) }
  const customers = await readPages(madeShape, (cursor) => client.customers.list({ limit: 100, created, ...cursor }))
  return customers.find((made) => Object.entries(metadata).every(([name, value]) => made.metadata?.[name] === value))
}

/** Name and address are for people to read: what Stripe refuses of them keeps nobody from buying. */
function passOverRefusal(error: unknown): void {
  if (!(error instanceof FareboxError) || error.code !== 'payments-failed') throw error
}
