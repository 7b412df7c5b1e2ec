/** What happens to a subscription once the last attempt to collect a renewal has failed. */
export type AfterRetries = 'cancel' | 'unpaid' | 'past_due' | 'pause'

/** What is set in Stripe's dashboard rather than through its API. */
export interface Settings {
  /** Days between the attempts to collect an invoice, counted from the attempt before. Default 3, 5 and 7. */
  readonly retryDays: readonly number[]
  /** What happens after the last of them. Default: the subscription is canceled. */
  readonly afterRetries: AfterRetries
  /** Days until a bank debit has succeeded or failed. Default 4. */
  readonly bankDebitDays: number
  /** What a dispute that is lost does to the subscription that the payment was for. Default: nothing. */
  readonly lostDisputes: 'cancel' | 'keep'
  /** What Stripe Tax works out for everybody, in percent of the price. Default 0: where nobody is registered there is no tax. */
  readonly taxPercentage: number
}

export const defaultSettings: Settings = { retryDays: [3, 5, 7], afterRetries: 'cancel', bankDebitDays: 4, lostDisputes: 'keep', taxPercentage: 0 }
