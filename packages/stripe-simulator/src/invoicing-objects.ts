import type { Metadata, StoredObject } from './objects.ts'

/** What a customer is billed for beside the items of a subscription. Pending until an invoice takes it. */
export interface InvoiceItem extends StoredObject {
  readonly amount: number
  readonly currency: string
  readonly customer: string
  readonly description: string | null
  readonly discountable: boolean
  /** The invoice that it stands on; null: it is pending. */
  readonly invoice: string | null
  readonly metadata: Metadata
  readonly parent: { readonly subscription_details: { readonly subscription: string } | null; readonly type: 'subscription_details' } | null
  readonly period: { readonly start: number; readonly end: number }
  readonly pricing: {
    readonly price_details?: { readonly price: string; readonly product: string }
    readonly type: 'price_details'
    readonly unit_amount_decimal: string
  }
  readonly quantity: number
  /** Ids; rendered whole. Empty: those of its invoice. */
  readonly tax_rates: readonly string[]
}

/** A percentage that is added to amounts, or that is in them already. */
export interface TaxRate extends StoredObject {
  readonly active: boolean
  readonly inclusive: boolean
  readonly metadata: Metadata
  /** With at most four decimal places. */
  readonly percentage: number
}

/** What an invoice that was finalized is reduced by. */
export interface CreditNote extends StoredObject {
  readonly amount: number
  readonly currency: string
  readonly customer: string
  readonly invoice: string
  readonly lines: readonly CreditNoteLine[]
  readonly metadata: Metadata
  /** What it takes from the customer's debt; the rest was paid already and is given back. */
  readonly pre_payment_amount: number
  readonly post_payment_amount: number
  readonly status: 'issued' | 'void'
}

export interface CreditNoteLine {
  readonly id: string
  readonly amount: number
  readonly [field: string]: unknown
}

export interface InvoicePayment extends StoredObject {
  readonly invoice: string
  readonly payment: { readonly payment_intent?: string; readonly type: 'payment_intent' | 'payment_record' }
  readonly status: 'open' | 'paid' | 'canceled'
}
