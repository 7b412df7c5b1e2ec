import type { Money } from './money.ts'

/** One amount, or one in each currency that is sold: the first is the usual one. */
export type AmountInput = Money | readonly Money[]

/**
 * How tiers count: `graduated` charges each seat by the tier that it falls into, `volume` all seats by the tier of their
 * number. Source: https://docs.stripe.com/products-prices/pricing-models#tiered-pricing
 */
export type TiersMode = 'graduated' | 'volume'

/** A tier as it is written in the catalog. The last one, and no other, has no end: `upTo: null`. */
export interface TierInput {
  readonly upTo: number | null
  readonly each: AmountInput
}

/** A price that is paid for each seat, as {@link perSeat} and {@link tiers} make it. */
export interface SeatPriceInput {
  readonly kind: 'seat-price'
  /** `null` where every seat costs the same. */
  readonly mode: TiersMode | null
  readonly tiers: readonly TierInput[]
  /** The fewest seats that are sold. */
  readonly minimum: number
}

/** What a plan costs at an interval, as it is written in the catalog. */
export type PriceInput = AmountInput | SeatPriceInput

/** Options of {@link perSeat} and {@link tiers}. */
export interface SeatPriceOptions {
  /** The fewest seats that are sold; 1 unless said otherwise. */
  readonly minimum?: number
}

/** `perSeat(usd('12'), { minimum: 3 })` is paid for each seat, and for three at least. */
export function perSeat(each: AmountInput, { minimum = 1 }: SeatPriceOptions = {}): SeatPriceInput {
  return { kind: 'seat-price', mode: null, tiers: [{ upTo: null, each }], minimum }
}

/** `tiers('graduated', [{ upTo: 10, each: usd('9') }, { upTo: null, each: usd('7') }])`: seats that cost less by number. */
export function tiers(mode: TiersMode, list: readonly TierInput[], { minimum = 1 }: SeatPriceOptions = {}): SeatPriceInput {
  return { kind: 'seat-price', mode, tiers: list, minimum }
}

/** Amounts of one thing in each currency, the usual one first. Whole minor units. */
export type Amounts = readonly [Money, ...Money[]]

/** A tier of a price, checked and frozen: what each seat of it costs. */
export interface PriceTier {
  /** The last seat of the tier; `null` in the last tier. */
  readonly upTo: number | null
  readonly amounts: Amounts
}

/** What a plan costs at an interval, checked and frozen. Every amount is there in the same currencies, in the same order. */
export interface PlanPrice {
  /** Of the whole plan, or of one seat; where there are tiers, of a seat of the first. */
  readonly amounts: Amounts
  /** Whether it is paid for each seat. */
  readonly perSeat: boolean
  /** The fewest seats that are sold. */
  readonly minimum: number
  /** At least one, in ascending order; `null` where every seat costs the same. */
  readonly tiers: { readonly mode: TiersMode; readonly steps: readonly PriceTier[] } | null
}
