import type { AccountEvent, AccountWebhooks } from '../../ports/auth.ts'
import type { Context } from '../context.ts'
import { changeAndDeliver } from '../converging/change-and-deliver.ts'
import { checkId } from '../customers/check-id.ts'
import { withDetails } from '../customers/customer-details.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'

/** One HTTP attempt of the sign-in service to tell us something. */
export interface AccountDelivery {
  readonly body: Uint8Array<ArrayBuffer>
  readonly headers: Headers
}

/**
 * Receives a webhook of the sign-in service. A new account becomes a customer with the default plan, whose claims are
 * written back; a repeat changes nothing. A deleted account keeps its records, and a
 * subscription that it still pays for: ending that is the app's decision.
 *
 * @throws FareboxError `invalid-signature`, `invalid-request`, `unavailable`.
 */
export async function receiveAccountWebhook(
  context: Context,
  webhooks: AccountWebhooks,
  delivery: AccountDelivery,
): Promise<{ readonly kind: AccountEvent['kind'] }> {
  const event = await webhooks.read(delivery.body, delivery.headers)
  if (event.kind === 'created') {
    const customer = checkId(event.customer, 'customer')
    await ensureCustomer(context, customer, withDetails(event))
    // The first version is the bare row; every later one has told the claims already.
    await changeAndDeliver(context, customer, ({ records }) => ({ writes: records.version > 1 ? null : [], result: undefined }))
  }
  return { kind: event.kind }
}
