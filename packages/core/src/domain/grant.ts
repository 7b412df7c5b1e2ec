import type { Instant } from './instant.ts'

/** Where a grant comes from that was bought. */
export interface GrantPurchase {
  readonly pack: string
  /** Stripe's ids of the checkout session and of the payment intent; no payment where nothing was due. */
  readonly session: string
  readonly payment: string | null
  /** As much as was bought. */
  readonly amount: number
}

/**
 * An extra amount of a metered feature. Immutable; voided, never edited. Only one that was bought follows its payment: it
 * shrinks with a refund, and what was drawn from it stays counted.
 */
export interface Grant {
  readonly id: string
  readonly feature: string
  readonly amount: number
  /** Lower is drawn first. */
  readonly priority: number
  readonly effectiveAt: Instant
  readonly expiresAt: Instant | null
  readonly createdAt: Instant
  readonly voidedAt: Instant | null
  readonly purchase?: GrantPurchase
  /** Why it was given, as whoever gave it said; never shown to the customer. */
  readonly reason?: string
}

/** The priority of a grant that does not say, and of every allowance. */
export const defaultPriority = 50

/** A plan given for free, until an instant or until it is ended. */
export interface Override {
  readonly id: string
  readonly plan: string
  readonly effectiveAt: Instant
  readonly until: Instant | null
  readonly createdAt: Instant
  readonly voidedAt: Instant | null
  /** As a grant's. */
  readonly reason?: string
}

/** Whether a grant can be drawn from at an instant. The end is exclusive. */
export function isGrantActive(grant: Grant, now: Instant): boolean {
  return grant.voidedAt === null && grant.effectiveAt <= now && (grant.expiresAt === null || now < grant.expiresAt)
}

export function isOverrideActive(override: Override, now: Instant): boolean {
  return override.voidedAt === null && override.effectiveAt <= now && (override.until === null || now < override.until)
}

/** What burn order looks at. */
export interface Burnable {
  readonly priority: number
  readonly expiresAt: Instant | null
  readonly createdAt: Instant
  readonly id: string
}

/** Burn order: lower priority first, then earlier expiry (never comes last), then earlier creation, then id. */
export function byBurnOrder(first: Burnable, second: Burnable): number {
  return (
    first.priority - second.priority ||
    compare(first.expiresAt ?? Number.POSITIVE_INFINITY, second.expiresAt ?? Number.POSITIVE_INFINITY) ||
    first.createdAt - second.createdAt ||
    compare(first.id, second.id)
  )
}

function compare<Value extends number | string>(first: Value, second: Value): number {
  if (first === second) return 0
  return first < second ? -1 : 1
}
