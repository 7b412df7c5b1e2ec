import type { GrantView, IsoInstant } from './snapshot.ts'

/**
 * Usage of past and present periods, oldest first: `used` of the allowance, `overage` beyond it, with what settlements took
 * beyond every limit. Grants are not part of it: they span periods.
 */
export interface UsageHistoryView {
  readonly feature: string
  readonly unit: string
  readonly periods: readonly { readonly periodStart: IsoInstant; readonly used: number; readonly overage: number }[]
}

/** Extra amounts that count now, by feature, in the order in which they are drawn. */
export interface CreditsView {
  readonly grants: readonly GrantView[]
}
