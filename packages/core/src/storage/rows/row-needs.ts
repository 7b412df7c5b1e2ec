/** Names a row by the columns of its primary key. */
export type KeyName = readonly [customer: string, key: string]
export type FeatureName = readonly [customer: string, feature: string]
export type ReservationName = readonly [customer: string, feature: string, reservation: string]
export type CounterName = readonly [customer: string, feature: string, bucket: string]

/** Rows to fetch, each of which may be there or not. None is named twice within a working set. */
export interface RowNeeds {
  /** Customers whose document is needed. */
  readonly documents: readonly string[]
  readonly keys: readonly KeyName[]
  readonly reservations: readonly ReservationName[]
  /**
   * Features whose held reservations are needed: all that expire at the call's instant or before, and of those that
   * expire later at least the first.
   */
  readonly due: readonly FeatureName[]
  /** Counters that may have a row of their own. */
  readonly counters: readonly CounterName[]
}

/** {@link RowNeeds} as they gather. */
export class NeedsList implements RowNeeds {
  readonly documents: string[] = []
  readonly keys: KeyName[] = []
  readonly reservations: ReservationName[] = []
  readonly due: FeatureName[] = []
  readonly counters: CounterName[] = []

  isEmpty(): boolean {
    const { documents, keys, reservations, due, counters } = this
    return documents.length + keys.length + reservations.length + due.length + counters.length === 0
  }
}
