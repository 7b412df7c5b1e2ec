// What Farebox's own things in a Stripe account say of themselves, and how they are told from others by it.
import type { PackTarget, PriceTarget, ProductTarget } from './push-step.ts'
import {
  installationMetadata, intervalMetadata, minimumMetadata, packMetadata, planMetadata, portalMetadata,
} from './stripe-names.ts'

type Metadata = Readonly<Record<string, string>>

/** Names one app in a Stripe account that several share; `undefined` where the account is the app's alone. */
export type Installation = string | undefined

/** The plan of a product or price of this installation, or `undefined` for what belongs to somebody else. */
export function ownedPlan(metadata: Metadata, installation: Installation): string | undefined {
  return metadata[installationMetadata] === installation ? metadata[planMetadata] : undefined
}

/** The pack of a product or price of this installation. */
export function ownedPack(metadata: Metadata, installation: Installation): string | undefined {
  return metadata[installationMetadata] === installation ? metadata[packMetadata] : undefined
}

/** Whether a portal configuration is of this installation. */
export function isOwnedPortal(metadata: Metadata, installation: Installation): boolean {
  return metadata[portalMetadata] !== undefined && metadata[installationMetadata] === installation
}

/** What the product of a plan says of itself. */
export function productMetadataOf({ plan }: Pick<ProductTarget, 'plan'>, installation: Installation): Metadata {
  return { [planMetadata]: plan, ...installationEntry(installation) }
}

/** What a price is for. */
export function priceIdentity({ plan, interval }: Pick<PriceTarget, 'plan' | 'interval'>, installation: Installation): Metadata {
  return { [planMetadata]: plan, [intervalMetadata]: interval, ...installationEntry(installation) }
}

/** Everything that a price should say of itself; an empty text stands for nothing at all, as in Stripe's updates. */
export function priceMetadataOf(target: Pick<PriceTarget, 'plan' | 'interval' | 'minimum'>, installation: Installation): Metadata {
  return { ...priceIdentity(target, installation), [minimumMetadata]: target.minimum > 1 ? String(target.minimum) : '' }
}

/** What the product and the price of a pack say of themselves. */
export function packMetadataOf({ pack }: Pick<PackTarget, 'pack'>, installation: Installation): Metadata {
  return { [packMetadata]: pack, ...installationEntry(installation) }
}

/** What a portal configuration says of itself. */
export function portalMetadataOf(installation: Installation): Metadata {
  return { [portalMetadata]: 'true', ...installationEntry(installation) }
}

/** Whether everything in `wanted` is there; what a person added beside it does not matter. */
export function hasMetadata(metadata: Metadata, wanted: Metadata): boolean {
  return Object.entries(wanted).every(([name, value]) => (metadata[name] ?? '') === value)
}

function installationEntry(installation: Installation): Metadata {
  return installation === undefined ? {} : { [installationMetadata]: installation }
}
