import * as z from 'zod/mini'
import { FareboxError } from '../../errors/error.ts'
import type { StripeClient } from './client.ts'
import type { EventSubject } from './parse-event.ts'
import { callStripe, parseAnswer } from './stripe-error.ts'

const ownerShape = z.optional(z.nullable(z.union([z.string(), z.object({ id: z.string() })])))

const holderShape = z.optional(z.nullable(z.union([z.string(), z.object({ customer: ownerShape })])))

/** What names its customer itself, or by the charge or the invoice that it is of. */
const ownedShape = z.object({ customer: ownerShape, charge: holderShape, invoice: holderShape })

/** Events that name only an object: whose it is has to be asked. An object that Stripe does not know is nobody's. */
export async function customerOf(client: StripeClient, subject: EventSubject): Promise<string | null> {
  if (subject.kind === 'none') return null
  if (subject.kind === 'customer') return subject.id
  try {
    const { customer, charge, invoice } = parseAnswer(ownedShape, await callStripe(() => retrieve(client, subject)))
    const holder = charge ?? invoice
    const owner = customer ?? (typeof holder === 'object' ? holder?.customer : null)
    return typeof owner === 'object' ? (owner?.id ?? null) : (owner ?? null)
  } catch (error) {
    if (error instanceof FareboxError && error.reason === 'resource_missing') return null
    throw error
  }
}

function retrieve(client: StripeClient, { kind, id }: Exclude<EventSubject, { kind: 'none' }>): Promise<unknown> {
  switch (kind) {
    case 'customer':
      return client.customers.retrieve(id)
    case 'subscription':
      return client.subscriptions.retrieve(id)
    case 'invoice':
      return client.invoices.retrieve(id)
    case 'invoice-payment':
      return client.invoicePayments.retrieve(id, { expand: ['invoice'] })
    case 'session':
      return client.checkout.sessions.retrieve(id)
    case 'schedule':
      return client.subscriptionSchedules.retrieve(id)
    case 'payment-method':
      return client.paymentMethods.retrieve(id)
    case 'charge':
      return client.charges.retrieve(id)
    case 'payment-intent':
      return client.paymentIntents.retrieve(id)
    case 'refund':
      return client.refunds.retrieve(id, { expand: ['charge'] })
    case 'dispute':
      return client.disputes.retrieve(id, { expand: ['charge'] })
    case 'credit-note':
      return client.creditNotes.retrieve(id)
    default:
      return kind satisfies never
  }
}
