import type { CustomerRecords } from '../../domain/entitlement.ts'
import { type Instant, minute, wholeSecond } from '../../domain/instant.ts'
import { FareboxError, invalidRequest } from '../../errors/error.ts'
import type { CustomerRow, RecordEntry, RecordReading } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { type MaybePromise, chain } from '../maybe-promise.ts'

/** A customer's records, and the store's present. */
export interface LoadedCustomer {
  readonly now: Instant
  /** `undefined` where the customer is not known yet. */
  readonly row: RecordEntry<'customers'> | undefined
  readonly records: CustomerRecords
}

/** The longest customer id that is accepted. */
const longestId = 255

/**
 * Halves of a surrogate pair are refused with the control characters: UTF-8 has none, so two ids would become one.
 *
 * @throws FareboxError `invalid-request` unless `id` is a string of 1 to 255 characters of text.
 */
export function checkId(id: unknown, path: string): string {
  if (typeof id === 'string' && isId(id)) return id
  throw invalidRequest('The id is not valid', path, `Give a string of 1 to ${longestId} characters, none of them a control character or half of one`)
}

/** Whether a customer can have this id: what somebody wrote to Stripe need not be one. */
export function isId(id: string): boolean {
  return id.length > 0 && id.length <= longestId && isText(id)
}

/** Most ids are printable ASCII, which is told without a regular expression. */
function isText(id: string): boolean {
  for (let index = 0; index < id.length; index += 1) {
    const unit = id.charCodeAt(index)
    if (unit < 0x20 || unit > 0x7e) return !/[\p{Cc}\p{Cs}]/u.test(id)
  }
  return true
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

/** A customer with a row. */
type KnownCustomer = LoadedCustomer & { readonly row: RecordEntry<'customers'> }

/** Callers that lose against another this often in a row are told so. */
const mostAttempts = 10

/**
 * A customer with a row, made on first sight; the row fixes where usage periods count from. Safe to race. What `revise`
 * answers with another row is written.
 */
export function ensureCustomer(
  context: Context,
  customer: string,
  revise: (row: CustomerRow) => CustomerRow = asItIs,
  attempts: number = mostAttempts,
): MaybePromise<KnownCustomer> {
  return chain(loadCustomer(context, customer), (loaded) => {
    const known = loaded.row
    const value = revise(known?.value ?? newRow(loaded.records.createdAt, context.catalog.defaultPlan.key))
    if (known !== undefined && value === known.value) return { ...loaded, row: known }
    if (attempts === 0) throw tooManyAtOnce()
    const write = { collection: 'customers', id: customer, expect: known?.revision ?? 0, value } as const
    return chain(context.records.commit(customer, [write]), () => ensureCustomer(context, customer, revise, attempts - 1))
  })
}

/** One customer's callers get in each other's way without an end. */
export function tooManyAtOnce(): FareboxError {
  return new FareboxError('conflict', 'Too much is asked for the customer at once')
}

const asItIs = (row: CustomerRow): CustomerRow => row

function newRow(createdAt: Instant, plan: string): CustomerRow {
  const billing = { paymentCustomer: null, converged: 0, convergedAt: null }
  return { version: 1, createdAt, email: null, name: null, plan, changesAt: null, ...billing }
}
