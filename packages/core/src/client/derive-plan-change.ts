import type { IsoInstant, PriceView } from '../protocol/snapshot.ts'
import type { ChangePreviewView, PreviewLineView } from '../protocol/subscription-change.ts'

/** What a preview of a change shows. Every amount is one of Stripe's: nothing is added up here. */
export type PlanChangePreviewed =
  | { readonly kind: 'unchanged' }
  /** The subscription ends then; nothing is charged. */
  | { readonly kind: 'end'; readonly at: IsoInstant }
  | {
      readonly kind: 'change'
      readonly when: 'now' | 'period-end'
      readonly at: IsoInstant
      /** Goes along with the change, so that it costs this. */
      readonly prorationDate: IsoInstant | null
      /** What is collected at once; `undefined` where nothing is. Below 0 it is kept for what comes. */
      readonly due: PriceView | undefined
      /** Of the invoice that is due now, else of the next one. */
      readonly lines: readonly PreviewLineView[]
      readonly currency: string
      readonly discount: number
      readonly tax: number
      /** What comes each interval from then on, with what is carried over to the next invoice. */
      readonly next: PriceView
    }

/** What a customer sees before a change. Pure. */
export function derivePlanChange(preview: ChangePreviewView): PlanChangePreviewed {
  if (preview.kind !== 'change') return preview
  const { when, at, prorationDate, now, next } = preview
  const { lines, currency, discount, tax } = now ?? next
  const due = now ? { amount: now.due, currency } : undefined
  return { kind: 'change', when, at, prorationDate, due, lines, currency, discount, tax, next: { amount: next.total, currency: next.currency } }
}
