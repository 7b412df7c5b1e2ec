import { isFareboxError } from '../../errors/error.ts'
import type { UpcomingInvoice } from '../../ports/payments.ts'
import type { StripeClient } from './client.ts'
import { readPreview } from './read-preview.ts'

/** The next invoice of a subscription, what is pending and what is scheduled included; `null` where Stripe will make none. */
export async function findUpcoming(client: StripeClient, subscription: string): Promise<UpcomingInvoice | null> {
  try {
    return await readPreview(client, { subscription })
  } catch (error) {
    if (isFareboxError(error) && error.reason === 'invoice_upcoming_none') return null
    throw error
  }
}
