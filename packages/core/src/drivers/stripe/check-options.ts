import { type Fault, FareboxError } from '../../errors/error.ts'
import type { Clock } from '../../ports/clock.ts'
import { type CheckoutOptions, type CheckoutParameters, readCheckoutOptions } from './checkout-options.ts'
import type { StripeClient } from './client.ts'

/** Options of `stripePayments`. */
export interface StripePaymentsOptions {
  /** The app's own client: `new Stripe(process.env.STRIPE_SECRET_KEY)`. */
  readonly client: StripeClient
  /** The signing secret of the webhook endpoint, `whsec_...`; several while one is being rolled. */
  readonly webhookSecret: string | readonly string[]
  /** Names this app where several share one Stripe account: a small letter, then letters, digits and hyphens. */
  readonly installation?: string
  /** Events of the other mode are ignored. Without it the two are told apart by their customers, which differ. */
  readonly mode?: 'test' | 'live'
  /**
   * The connected account that this app bills in (`acct_...`): then only its events are ours. Make the client for the same one:
   * `new Stripe(key, { stripeAccount })`. Without it, events of connected accounts are ignored, and those that an organization's
   * destination sends are taken where they happened in the account of the client's key.
   */
  readonly connectedAccount?: string
  /** The portal configuration to use (`bpc_...`); without it the one that `farebox push` keeps, else the account's default. */
  readonly portalConfiguration?: string
  /** What the checkout page asks for besides the payment: promotion codes, tax, addresses. */
  readonly checkout?: CheckoutOptions
  /** The clock that signatures are checked by. Stripe signs in real time, also when a test clock is ahead. */
  readonly clock?: Clock
}

const methods = {
  customers: ['create', 'retrieve', 'update', 'list', 'listPaymentMethods'],
  subscriptions: ['list', 'retrieve', 'update', 'cancel', 'resume'],
  subscriptionItems: ['list'],
  paymentMethods: ['retrieve'],
  subscriptionSchedules: ['retrieve', 'create', 'update', 'release'],
  invoices: ['list', 'retrieve', 'create', 'finalizeInvoice', 'createPreview', 'listLineItems'],
  creditNotes: ['retrieve'],
  prices: ['list', 'retrieve', 'update'],
  charges: ['list', 'retrieve'],
  refunds: ['list', 'retrieve'],
  disputes: ['list', 'retrieve'],
  paymentIntents: ['retrieve'],
  coupons: ['retrieve'],
  promotionCodes: ['list'],
  checkout: [],
  billingPortal: [],
} as const

/** The signing secrets and what sessions are made with. @throws FareboxError `invalid-configuration` naming every fault at once, and no secret. */
export function checkOptions(given: StripePaymentsOptions): { readonly secrets: readonly string[]; readonly checkout: CheckoutParameters } {
  const options = { ...given }
  const { parameters: checkout, faults: checkoutFaults } = readCheckoutOptions(options.checkout)
  const faults = [
    ...clientFaults(options.client),
    ...secretFaults(options.webhookSecret),
    ...installationFaults(options.installation),
    ...modeFaults(options.mode),
    ...accountFaults(options.connectedAccount),
    ...portalFaults(options.portalConfiguration),
    ...checkoutFaults,
  ]
  if (faults.length > 0) throw new FareboxError('invalid-configuration', 'The Stripe payments are not configured', { faults })
  return { secrets: typeof options.webhookSecret === 'string' ? [options.webhookSecret] : [...options.webhookSecret], checkout }
}

function clientFaults(client: unknown): readonly Fault[] {
  const isClient =
    isRecord(client) &&
    Object.entries(methods).every(([resource, names]) => {
      const found = client[resource]
      return isRecord(found) && names.every((name) => typeof found[name] === 'function')
    })
  return isClient ? [] : [{ path: 'client', message: 'Give a client of the stripe package: new Stripe(secretKey)' }]
}

function secretFaults(secrets: unknown): readonly Fault[] {
  const listed: readonly unknown[] = Array.isArray(secrets) ? secrets : [secrets]
  if (listed.length === 0) return [{ path: 'webhookSecret', message: 'Give at least one signing secret' }]
  return listed.flatMap((secret, index): readonly Fault[] => {
    const path = Array.isArray(secrets) ? `webhookSecret.${index}` : 'webhookSecret'
    if (typeof secret !== 'string' || secret.trim() === '') {
      return [{ path, message: 'Set STRIPE_WEBHOOK_SECRET to the signing secret of the webhook endpoint, whsec_...' }]
    }
    return /^whsec_\S+$/.test(secret) ? [] : [{ path, message: 'A signing secret begins with whsec_ and has no spaces; this is something else' }]
  })
}

function installationFaults(installation: unknown): readonly Fault[] {
  if (installation === undefined) return []
  const isName = typeof installation === 'string' && /^[a-z][A-Za-z0-9-]{0,63}$/.test(installation)
  return isName ? [] : [{ path: 'installation', message: 'Begin with a small letter, then letters, digits and hyphens, at most 64' }]
}

function modeFaults(mode: unknown): readonly Fault[] {
  return mode === undefined || mode === 'test' || mode === 'live' ? [] : [{ path: 'mode', message: 'Give \'test\' or \'live\'' }]
}

function accountFaults(account: unknown): readonly Fault[] {
  if (account === undefined) return []
  const isId = typeof account === 'string' && /^acct_\w+$/.test(account)
  return isId ? [] : [{ path: 'connectedAccount', message: 'Give the id of a connected account, acct_...' }]
}

function portalFaults(configuration: unknown): readonly Fault[] {
  if (configuration === undefined) return []
  const isId = typeof configuration === 'string' && /^bpc_\w+$/.test(configuration)
  return isId ? [] : [{ path: 'portalConfiguration', message: 'Give the id of a portal configuration, bpc_...' }]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
