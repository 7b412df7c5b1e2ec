import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { CustomerRow, RecordEntry } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { type MaybePromise, chain } from '../maybe-promise.ts'
import { type LoadedCustomer, loadCustomer } from './load-customer.ts'

/** A customer that has a row. */
export type KnownCustomer = LoadedCustomer & { readonly row: RecordEntry<'customers'> }

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
