import type { PriceInterval } from '../domain/catalog.ts'

/**
 * Every name by which Farebox finds its own things in a Stripe account. `farebox push` writes them and the driver reads
 * them; nothing is ever found by a display name.
 *
 * An installation names one app in an account that several share. Its name has the form of a plan's: a small letter, then
 * letters, digits and hyphens, so that no two names below can be the same for different things.
 */
export const installationMetadata = 'farebox_installation'

/** On customers, subscriptions and checkout sessions: the customer's id in the host app. */
export const customerMetadata = 'farebox_customer'

/** On checkout sessions: the attempt that made it, so that it can be found again. */
export const operationMetadata = 'farebox_operation'

/** On products, prices and subscriptions: the plan's key in the catalog. */
export const planMetadata = 'farebox_plan'

/** On prices: how often the plan is paid, `month` or `year`. */
export const intervalMetadata = 'farebox_interval'

/** On prices: the fewest seats that are sold. */
export const minimumMetadata = 'farebox_minimum'

/** On products, prices and sessions of packs: the pack's key in the catalog. */
export const packMetadata = 'farebox_pack'

/**
 * On subscriptions: until when a customer has Stripe void the invoices, in seconds; `open` where nobody has said. It stays when
 * that is over, and tells whose doing it was.
 */
export const restMetadata = 'farebox_rest'

/** On the billing portal configuration that `farebox push` keeps. */
export const portalMetadata = 'farebox_portal'

/** The lookup key of the present price of a plan: https://docs.stripe.com/products-prices/manage-prices#lookup-keys */
export function lookupKeyOf(plan: string, interval: PriceInterval, installation?: string): string {
  return [...prefixOf(installation), plan, interval].join('_')
}

/** The id of a plan's product, so that pushing twice at once makes one product. */
export function productIdOf(plan: string, installation?: string): string {
  return [...prefixOf(installation), plan].join('_')
}

/** The lookup key of the present price of a pack, and the id of its product; no plan has one like it. */
export function packIdOf(pack: string, installation?: string): string {
  return ['farebox-pack', ...(installation === undefined ? [] : [installation]), pack].join('_')
}

function prefixOf(installation: string | undefined): readonly string[] {
  return installation === undefined ? ['farebox'] : ['farebox', installation]
}
