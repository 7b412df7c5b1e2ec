import { isFareboxError } from '../../errors/error.ts'
import type { UpcomingInvoice } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { type Pending, readPending, readPreview } from './read-preview.ts'

/** The next invoice of a subscription, what is pending and what is scheduled included; `null` where Stripe will make none. */
export async function findUpcoming(client: StripeClient, subscription: string): Promise<UpcomingInvoice | null> {
  return readPreview(client, { subscription }).catch(nullWithoutNext)
}

/** What waits for the next invoice, of the subscription and of its customer. */
export async function findPending(client: StripeClient, subscription: string): Promise<Pending> {
  return (await readPending(client, subscription).catch(nullWithoutNext)) ?? { own: false, customers: false }
}

function nullWithoutNext(error: unknown): null {
  if (isFareboxError(error) && error.reason === 'invoice_upcoming_none') return null
  throw error
}
