import type { IsoInstant } from '@farebox/core/protocol'
import type { UsageTableMessages } from './usage-table-messages.ts'

/** How a chart writes what it shows. */
export interface ChartWords extends UsageTableMessages {
  readonly title: string
  readonly number: (value: number) => string
  /** A number with its unit. */
  readonly amount: (value: number) => string
  readonly date: (periodStart: IsoInstant) => string
  readonly shortDate: (periodStart: IsoInstant) => string
}
