import type { IsoInstant } from './snapshot.ts'

/** Who holds a seat of a feature, oldest first. `null` is unlimited; `used` may be over `limit` after a change to a smaller plan. */
export interface SeatView {
  readonly used: number
  readonly limit: number | null
  readonly remaining: number | null
  readonly members: readonly { readonly member: string; readonly since: IsoInstant }[]
}

/** By feature: each that the catalog counts in seats. */
export interface SeatsView {
  readonly seats: Readonly<Record<string, SeatView>>
}
