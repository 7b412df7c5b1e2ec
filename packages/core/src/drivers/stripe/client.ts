/** Options that every write of ours carries. */
export interface StripeRequestOptions {
  readonly idempotencyKey: string
  /** What is asked for in the words of a version is asked for at that version, whichever the app's client has. */
  readonly apiVersion?: string
}

/**
 * The part of the `stripe` package's client that is used. `new Stripe(key)` fits as it is; answers are parsed, never
 * trusted, so they are `unknown` here. Works with `stripe` 22 and later.
 */
export interface StripeClient {
  /** Asked only where events come from an organization. */
  readonly accounts?: { retrieveCurrent?(): Promise<unknown> }
  readonly customers: {
    create(params: object, options: StripeRequestOptions): Promise<unknown>
    retrieve(id: string, params?: object): Promise<unknown>
    update(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
    list(params: object): Promise<unknown>
    listPaymentMethods(id: string, params: object): Promise<unknown>
  }
  readonly subscriptions: {
    list(params: object): Promise<unknown>
    retrieve(id: string, params?: object): Promise<unknown>
    update(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
    cancel(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
    /** Since `stripe` 23; before, only the collection of payments can be paused. */
    pause?(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
    resume(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
  }
  readonly subscriptionItems: { list(params: { readonly subscription: string; readonly limit: number }): Promise<unknown> }
  readonly paymentMethods: { retrieve(id: string): Promise<unknown> }
  readonly subscriptionSchedules: {
    retrieve(id: string): Promise<unknown>
    create(params: object, options: StripeRequestOptions): Promise<unknown>
    update(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
    release(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
  }
  readonly invoices: {
    list(params: object): Promise<unknown>
    retrieve(id: string): Promise<unknown>
    create(params: object, options: StripeRequestOptions): Promise<unknown>
    finalizeInvoice(id: string, params: object, options: StripeRequestOptions): Promise<unknown>
    createPreview(params: object): Promise<unknown>
    listLineItems(id: string, params: object): Promise<unknown>
  }
  readonly invoicePayments: {
    list(params: object): Promise<unknown>
    retrieve(id: string, params: object): Promise<unknown>
  }
  readonly creditNotes: { retrieve(id: string): Promise<unknown> }
  readonly prices: {
    list(params: object): Promise<unknown>
    retrieve(id: string, params?: object): Promise<unknown>
    update(id: string, params: object): Promise<unknown>
  }
  readonly charges: {
    list(params: object): Promise<unknown>
    retrieve(id: string): Promise<unknown>
  }
  readonly refunds: {
    list(params: object): Promise<unknown>
    retrieve(id: string, params?: object): Promise<unknown>
  }
  readonly disputes: {
    list(params: object): Promise<unknown>
    retrieve(id: string, params?: object): Promise<unknown>
  }
  readonly paymentIntents: { retrieve(id: string): Promise<unknown> }
  readonly coupons: { retrieve(id: string, params?: object): Promise<unknown> }
  readonly promotionCodes: { list(params: object): Promise<unknown>; retrieve(id: string): Promise<unknown> }
  readonly checkout: {
    readonly sessions: {
      create(params: object, options: StripeRequestOptions): Promise<unknown>
      retrieve(id: string): Promise<unknown>
      expire(id: string): Promise<unknown>
      list(params: object): Promise<unknown>
      listLineItems(id: string, params: object): Promise<unknown>
    }
  }
  readonly billingPortal: {
    readonly sessions: { create(params: { readonly customer: string }): Promise<unknown> }
    readonly configurations: { list(params: object): Promise<unknown> }
  }
}
