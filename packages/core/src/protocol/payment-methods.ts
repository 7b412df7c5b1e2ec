/** How a customer pays. `kind` is Stripe's word for it (`card`, `sepa_debit` and others), `null` what such a kind does not have. */
export interface PaymentMethodView {
  readonly id: string
  readonly kind: string
  readonly brand: string | null
  readonly last4: string | null
  /** The last month in which it is good; `month` counts from 1. */
  readonly expires: { readonly month: number; readonly year: number } | null
  readonly isDefault: boolean
}

/** What `GET /payment-methods` answers. */
export interface PaymentMethodsView {
  readonly paymentMethods: readonly PaymentMethodView[]
}
