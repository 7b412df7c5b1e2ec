import type { Instant } from '../../domain/instant.ts'

/** A document to write, or to delete where `text` is `null`. */
export interface DocumentChange {
  readonly customer: string
  readonly text: string | null
  /** The revision that the document had when it was fetched; 0 where there was none. It guards all rows of the customer. */
  readonly expected: number
  /** Where the driver said that it keeps the document; 0 where it did not say, or there was none. */
  readonly row: number
  /** The revision that it has now. It only rises, also when a customer is forgotten and comes back. */
  readonly revision: number
}

/** A key to remember until an instant, or to delete where `text` is `null`. */
export interface KeyChange {
  readonly customer: string
  readonly key: string
  readonly text: string | null
  readonly until: Instant
}

/** A reservation to write: a held one with the instant at which it expires, an ended one with that until which it is remembered. */
export interface ReservationChange {
  readonly customer: string
  readonly feature: string
  readonly reservation: string
  readonly text: string
  readonly isHeld: boolean
  readonly at: Instant
}

/** A counter that moves out of the document into a row, or back into it where `counter` is `null`. */
export interface CounterChange {
  readonly customer: string
  readonly feature: string
  readonly bucket: string
  readonly counter: ArchivedCounter | null
}

/** A counter of a past period. Nothing is held in it. */
export interface ArchivedCounter {
  readonly used: number
  /** `null` for a counter that is kept. */
  readonly keepUntil: Instant | null
  /** When its usage period starts; `null` for a bucket that belongs to none. */
  readonly start: Instant | null
}

/** What to write, all of it or nothing. Where a customer's rows change, its document's revision does too. */
export interface RowChanges {
  readonly documents: readonly DocumentChange[]
  readonly keys: readonly KeyChange[]
  readonly reservations: readonly ReservationChange[]
  readonly counters: readonly CounterChange[]
}

/** {@link RowChanges} as they gather. */
export class ChangesList implements RowChanges {
  readonly documents: DocumentChange[] = []
  readonly keys: KeyChange[] = []
  readonly reservations: ReservationChange[] = []
  readonly counters: CounterChange[] = []

  isEmpty(): boolean {
    const { documents, keys, reservations, counters } = this
    return documents.length + keys.length + reservations.length + counters.length === 0
  }

  /** How many rows change beside the documents. */
  get rows(): number {
    return this.keys.length + this.reservations.length + this.counters.length
  }
}
