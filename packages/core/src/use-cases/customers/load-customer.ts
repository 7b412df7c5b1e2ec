import type { CustomerRecords } from '../../domain/entitlement.ts'
import { type Instant, minute, wholeSecond } from '../../domain/instant.ts'
import type { RecordEntry, RecordReading } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { type MaybePromise, chain } from '../maybe-promise.ts'

/** A customer's records, and the store's present. */
export interface LoadedCustomer {
  readonly now: Instant
  /** `undefined` where the customer is not known yet. */
  readonly row: RecordEntry<'customers'> | undefined
  readonly records: CustomerRecords
}

/** What decides what a customer may do. */
export const decisive = ['customers', 'subscriptions', 'grants', 'overrides'] as const

/** Whether a marker may have expired since then, as where a process was suspended; clocks may be ten minutes apart. */
export function wasHeldUp({ clock }: Context, begun: Instant): boolean {
  return clock.now() - begun > minute
}

/**
 * Reads a customer without writing anything. One that is not known has the default plan from this very second. What was long on its
 * way is read again, for the marker that said that it is old may be gone.
 */
export function loadCustomer(context: Context, customer: string): MaybePromise<LoadedCustomer> {
  const begun = context.clock.now()
  return chain(context.records.load(customer, decisive), (reading) =>
    wasHeldUp(context, begun) ? loadCustomer(context, customer) : customerOf(customer, reading),
  )
}

/** The customer that a reading of what is {@link decisive} shows. */
export function customerOf(customer: string, { now, rows }: RecordReading<(typeof decisive)[number]>): LoadedCustomer {
  const row = rows.customers[0]
  return {
    now,
    row,
    records: {
      customer,
      version: row?.value.version ?? 0,
      createdAt: row?.value.createdAt ?? wholeSecond(now),
      subscriptions: valuesOf(rows.subscriptions),
      grants: valuesOf(rows.grants),
      overrides: valuesOf(rows.overrides),
    },
  }
}

const none: readonly never[] = Object.freeze([])

/** Most customers have none, and many are remembered. */
function valuesOf<Value>(entries: readonly { readonly value: Value }[]): readonly Value[] {
  return entries.length === 0 ? none : entries.map((entry) => entry.value)
}
