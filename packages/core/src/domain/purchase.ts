import type { Instant } from './instant.ts'

/** Packs that were bought on one checkout page, and are paid. */
export interface Purchase {
  /** Stripe's id of the checkout session: what is given for it is named by it. */
  readonly session: string
  /** Stripe's id of the payment intent; `null` where nothing was due. */
  readonly payment: string | null
  readonly paidAt: Instant
  readonly lines: readonly PurchaseLine[]
}

export interface PurchaseLine {
  readonly id: string
  /** The key of the pack in the catalog, as its price in Stripe says. */
  readonly pack: string
  readonly quantity: number
}

export type RefundStatus = 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled' | 'unknown'

/** Money that went back to the customer. Amounts in minor currency units. */
export interface Refund {
  readonly id: string
  readonly charge: string
  readonly amount: number
  readonly currency: string
  readonly status: RefundStatus
  readonly reason: string | null
  readonly createdAt: Instant
}

/** `closed`: it ended without money changing hands, as an inquiry does that leads to nothing. */
export type DisputeState = 'open' | 'won' | 'lost' | 'closed'

/** A payment that the holder of the card contests at the bank. */
export interface Dispute {
  readonly id: string
  readonly charge: string
  readonly amount: number
  readonly currency: string
  readonly reason: string
  readonly state: DisputeState
  readonly createdAt: Instant
}

/** A charge that succeeded, and what was taken back of it. */
export interface Payment {
  readonly charge: string
  /** Stripe's id of the payment intent. */
  readonly payment: string | null
  readonly amount: number
  /** What was refunded, without refunds that failed. */
  readonly refunded: number
  readonly refunds: readonly Refund[]
  readonly disputes: readonly Dispute[]
}

/** What is left of an amount that was bought after a part of its payment went back; a part of a unit stays with the customer. */
export function keptOf(amount: number, { amount: paid, refunded, disputes }: Payment): number {
  const lost = disputes.reduce((sum, dispute) => sum + (dispute.state === 'lost' ? dispute.amount : 0), 0)
  const back = Math.min(paid, refunded + lost)
  return paid === 0 ? amount : amount - Number((BigInt(amount) * BigInt(back)) / BigInt(paid))
}
