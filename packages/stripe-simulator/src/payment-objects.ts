import type { Metadata, StoredObject } from './objects.ts'

/** Why a payment failed, in Stripe's codes. */
export interface PaymentError {
  readonly code: string
  readonly decline_code: string
  readonly message: string
}

/** Whether the person is there and can be asked, or a charge is made without them. */
export type Presence = 'on-session' | 'off-session'

/** What Stripe asks of the person: to open a page and authenticate. */
export interface NextAction {
  readonly type: 'redirect_to_url'
  readonly redirect_to_url: { readonly return_url: string | null; readonly url: string }
}

export interface PaymentIntent extends StoredObject {
  readonly amount: number
  readonly amount_received: number
  readonly client_secret: string
  readonly currency: string
  readonly customer: string | null
  readonly last_payment_error: Readonly<Record<string, unknown>> | null
  readonly latest_charge: string | null
  readonly metadata: Metadata
  readonly next_action: NextAction | null
  readonly payment_method: string | null
  readonly setup_future_usage: 'off_session' | 'on_session' | null
  readonly status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'processing' | 'succeeded' | 'canceled'
  readonly internal: {
    /** The invoice that it pays. */
    readonly invoice: string | null
    /** The checkout session that it pays. */
    readonly session: string | null
    /** When a bank debit under way is decided, in seconds. */
    readonly settlesAt: number | null
  }
}

export interface SetupIntent extends StoredObject {
  readonly client_secret: string
  readonly customer: string | null
  readonly last_setup_error: Readonly<Record<string, unknown>> | null
  readonly metadata: Metadata
  readonly next_action: NextAction | null
  readonly payment_method: string | null
  readonly status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'succeeded' | 'canceled'
  readonly usage: 'off_session' | 'on_session'
  readonly internal: {
    /** The subscription whose later payments it prepares. */
    readonly subscription: string | null
  }
}
