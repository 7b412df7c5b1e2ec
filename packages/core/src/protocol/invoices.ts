import type { IsoInstant } from './snapshot.ts'
import type { InvoicePreviewView } from './subscription-change.ts'

/** An invoice as the payment service made it. Minor currency units. */
export interface InvoiceView {
  readonly id: string
  readonly number: string | null
  /** Lists leave drafts out. */
  readonly status: 'draft' | 'open' | 'paid' | 'void' | 'uncollectible'
  readonly createdAt: IsoInstant
  readonly periodStart: IsoInstant
  readonly periodEnd: IsoInstant
  readonly dueAt: IsoInstant | null
  readonly currency: string
  readonly total: number
  /** What is still to be paid. */
  readonly due: number
  /** Stripe's page of it, on which it can be paid. */
  readonly url: string | null
  readonly pdf: string | null
}

/** A page of invoices, newest first. `next` is what `after` asks the next page with; `null` after the last one. */
export interface InvoicesView {
  readonly invoices: readonly InvoiceView[]
  readonly next: string | null
}

/** The invoice that comes next by itself; `null` where none does. `at` is when it is made. */
export interface UpcomingView {
  readonly upcoming: { readonly at: IsoInstant | null; readonly invoice: InvoicePreviewView } | null
}
