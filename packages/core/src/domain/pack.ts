import type { ByName } from './by-name.ts'
import type { AmountInput, Amounts } from './price.ts'

/** What a refund or a lost dispute of its payment does to what a pack gave: takes it back in the same part, or leaves it. */
export type PackRefunds = 'void' | 'keep'

/** A pack as it is written in the catalog file: extra amounts that are paid once. */
export interface PackInput<FeatureKey extends string> {
  readonly name: string
  readonly description?: string
  /** Whole minor units above zero: `usd('10')`, or in several currencies `[usd('10'), eur('9')]`. */
  readonly price: AmountInput
  /** What one pack gives of each metered feature. */
  readonly grants: ByName<FeatureKey, number>
  /** Whole days from the payment on, from 1 to 3650. Without it, what is left stays. */
  readonly expiresAfterDays?: number
  /** `void` unless said otherwise. */
  readonly refunds?: PackRefunds
}

/** A pack, checked and frozen. */
export interface Pack {
  readonly key: string
  readonly name: string
  readonly description: string | null
  /** The usual currency first. */
  readonly amounts: Amounts
  readonly grants: Readonly<Record<string, number>>
  readonly expiresAfterDays: number | null
  readonly refunds: PackRefunds
}
