/** Amounts in the currency's smallest unit. `up_to` null: without end. */
export interface PriceTier {
  readonly flat_amount: number | null
  readonly flat_amount_decimal: string | null
  readonly unit_amount: number | null
  readonly unit_amount_decimal: string | null
  readonly up_to: number | null
}

export interface CurrencyOption {
  readonly custom_unit_amount: null
  readonly tax_behavior: string
  readonly tiers?: readonly PriceTier[]
  readonly unit_amount: number | null
  readonly unit_amount_decimal: string | null
}

/** What was billed in advance for a stretch of an item's period, half-open; instants in seconds. */
export interface Debit {
  readonly amount: number
  readonly price: string
  readonly quantity: number
  readonly start: number
  readonly end: number
}

/** Whether Stripe works out the tax, as subscriptions and phases of schedules tell it. */
export interface AutomaticTax {
  readonly enabled: boolean
  readonly [field: string]: unknown
}

/** How something is taxed: automatically, or by rates. */
export interface Taxation {
  readonly automatic_tax?: AutomaticTax
  readonly default_tax_rates?: readonly string[]
}
