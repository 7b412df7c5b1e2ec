/**
 * Payments over the app's own Stripe account. The `stripe` package's client is passed in; nothing of it is imported.
 *
 * @example
 * ```ts
 * import { stripePayments } from '@farebox/core/drivers/stripe'
 * import Stripe from 'stripe'
 *
 * export const payments = stripePayments({
 *   client: new Stripe(process.env.STRIPE_SECRET_KEY ?? ''),
 *   webhookSecret: process.env.STRIPE_WEBHOOK_SECRET ?? '',
 * })
 * ```
 *
 * @module
 */
export type { StripePaymentsOptions } from './check-options.ts'
export type { CheckoutOptions } from './checkout-options.ts'
export type { StripeClient, StripeRequestOptions } from './client.ts'
export { type EventReads, type EventRule, type EventUse, eventRules, thinWebhookEvents, webhookEvents } from './event-types.ts'
export {
  customerMetadata, installationMetadata, intervalMetadata, lookupKeyOf, minimumMetadata, packIdOf, packMetadata, planMetadata, portalMetadata, productIdOf,
} from '../../catalog/stripe-names.ts'
export { stripePayments } from './stripe-payments.ts'
