import type { CheckoutSession, PackCheckoutSessionRequest } from '../../ports/payments.ts'
import { getPrice } from './change-reading.ts'
import type { CheckoutParameters } from './checkout-options.ts'
import { findMade, longestReference, toSession } from './checkout-sessions.ts'
import type { StripeClient } from './client.ts'
import { customerMetadata, installationMetadata, operationMetadata, packIdOf, packMetadata } from '../../catalog/stripe-names.ts'
import { writeOnce } from './write-once.ts'

/**
 * A page on which a pack is paid once. It makes an invoice, so that the customer has a receipt:
 * https://docs.stripe.com/payments/checkout/receipts#paid-invoices
 */
export async function createPackCheckout(
  client: StripeClient,
  installation: string | undefined,
  checkout: CheckoutParameters,
  { pack, paymentCustomer, customer, quantity, currency, successUrl, cancelUrl, operation }: PackCheckoutSessionRequest,
): Promise<CheckoutSession> {
  const { id: price, currency: usual } = await getPrice(client, packIdOf(pack, installation), `packs.${pack}.price`, currency)
  const metadata = {
    [customerMetadata]: customer,
    [packMetadata]: pack,
    ...(installation !== undefined && { [installationMetadata]: installation }),
  }
  const charged = currency ?? usual
  const parameters = {
    ...checkout,
    mode: 'payment',
    customer: paymentCustomer,
    ...(customer.length <= longestReference && { client_reference_id: customer }),
    line_items: [{ price, quantity }],
    // Without one Stripe would choose by where the customer seems to be.
    ...(charged !== undefined && { currency: charged }),
    success_url: successUrl,
    cancel_url: cancelUrl,
    metadata: { ...metadata, [operationMetadata]: operation },
    invoice_creation: { enabled: true, invoice_data: { metadata } },
    payment_intent_data: { metadata },
  }
  return writeOnce({
    intent: 'pack-checkout',
    parameters: [operation, parameters],
    write: async (idempotencyKey) => toSession(await client.checkout.sessions.create(parameters, { idempotencyKey })),
    find: () => findMade(client, paymentCustomer, operation),
  })
}
