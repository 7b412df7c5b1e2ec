/**
 * A local Stripe for development and tests: the unmodified `stripe` package talks to it over HTTP, people pay on its
 * pages, signed webhooks leave it, and its clock moves when told to.
 *
 * ```ts
 * import { createStripeSimulator } from '@farebox/stripe-simulator'
 *
 * const simulator = createStripeSimulator({ clock: { mode: 'frozen' } })
 * const { port, close } = await simulator.listen({ port: 0 })
 * // new Stripe('sk_test_any', { host: '127.0.0.1', port, protocol: 'http' })
 * simulator.clock.advance({ months: 1 })
 * await close()
 * ```
 *
 * @packageDocumentation
 */
export { createStripeSimulator } from './simulator.ts'
export type { StripeSimulator, StripeSimulatorOptions, WebhookDestination } from './simulator.ts'
export type { ClockMode, Duration } from './clock.ts'
export type { ClockMove } from './control/advance-clock.ts'
export type { CheckoutEntry } from './lifecycle/checkout/complete-checkout.ts'
export type { Expiry } from './lifecycle/payments/attach-card.ts'
export type { Attempt, DeliverySettings } from './deliveries/deliveries.ts'
export type { AfterRetries, Settings } from './settings.ts'
export type { SimulatorHttpClient, SimulatorHttpResponse } from './http-client.ts'
export type { Disorder } from './deliveries/disorder.ts'
export type { Listening } from './server.ts'
export { StripeError } from './errors.ts'
export type { ErrorBody, ErrorType } from './errors.ts'
