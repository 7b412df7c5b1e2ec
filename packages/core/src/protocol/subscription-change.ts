import type { IsoInstant } from './snapshot.ts'

/**
 * What became of a change of a subscription.
 *
 * - `changed`: it is in effect; `plan` governs now.
 * - `scheduled`: it takes effect at that instant, by itself.
 * - `action-required`: nothing has changed yet; it does once the customer has paid or confirmed at `url`, or in the portal
 *   where that is `null`.
 * - `unchanged`: it was so already.
 */
export type ChangeView =
  | { readonly kind: 'changed'; readonly plan: string; readonly entitlementVersion: number }
  | { readonly kind: 'scheduled'; readonly plan: string; readonly at: IsoInstant }
  | { readonly kind: 'action-required'; readonly url: string | null }
  | { readonly kind: 'unchanged'; readonly plan: string }

/** A line of a previewed invoice. Minor currency units, before tax; a credit is negative. */
export interface PreviewLineView {
  readonly description: string | null
  readonly amount: number
  readonly quantity: number | null
  readonly proration: boolean
  readonly periodStart: IsoInstant
  readonly periodEnd: IsoInstant
}

/** An invoice as the payment service would make it. Minor currency units. */
export interface InvoicePreviewView {
  readonly currency: string
  readonly lines: readonly PreviewLineView[]
  readonly subtotal: number
  /** What coupons take off; not negative. */
  readonly discount: number
  readonly tax: number
  readonly total: number
  readonly due: number
}

/** What a change would come to: `now` is what is collected at once, `next` what comes with the next invoice. */
export type ChangePreviewView =
  | {
      readonly kind: 'change'
      readonly when: 'now' | 'period-end'
      readonly at: IsoInstant
      readonly prorationDate: IsoInstant | null
      readonly now: InvoicePreviewView | null
      readonly next: InvoicePreviewView
    }
  | { readonly kind: 'end'; readonly at: IsoInstant }
  | { readonly kind: 'unchanged' }
