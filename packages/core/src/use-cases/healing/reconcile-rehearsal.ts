import type { Instant } from '../../domain/instant.ts'
import { factsIn, hasEnded } from '../../domain/subscription.ts'
import type { PaymentReading, PurchaseReading } from '../../ports/payments.ts'
import type { RecordReading, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { convergeThoroughly } from '../converging/converge.ts'
import { type PurchaseChanges, purchaseChanges } from '../converging/purchases.ts'
import { createCustomerCache } from '../customers/customer-cache.ts'
import { createEvents } from '../delivering/events.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import type { Difference } from './reconcile-report.ts'

/** What a convergence would store that is Stripe's to say. Everything else that it writes is bookkeeping. */
const told = ['subscriptions', 'grants', 'trials'] as const

/** What a convergence read, and what it would change. */
export interface Rehearsal {
  /** `null` where the customer is no longer linked to Stripe. */
  readonly reading: PaymentReading | null
  readonly differences: readonly Difference[]
  readonly unknown: PurchaseChanges['unknown']
}

/**
 * Converges a customer without writing anything, and answers what would change: by the very code that would change it, so
 * that the two cannot disagree. Nobody is told anything. Both stores are plain objects, as `withTimeout` makes them.
 */
export async function rehearseConvergence(context: Context, customer: string): Promise<Rehearsal> {
  let reading: PaymentReading | null = null
  let bought: PurchaseReading = { purchases: [], payments: [] }
  const writes: RecordWrite[] = []
  const payments = paymentsOf(context)
  const { records, usage } = context
  await convergeThoroughly(
    {
      ...context,
      records: {
        ...records,
        commit: (_, staged) => {
          writes.push(...staged)
          return { kind: 'committed', now: context.clock.now() }
        },
      },
      usage: { ...usage, raiseVersion: async () => undefined },
      payments: {
        ...payments,
        readCustomer: async (paymentCustomer) => {
          reading = await payments.readCustomer(paymentCustomer)
          return reading
        },
        readPurchases: async (request) => {
          bought = await payments.readPurchases(request)
          return bought
        },
      },
      cache: createCustomerCache(),
      claims: null,
      events: createEvents(),
      logger: { info: ignore, warn: ignore, error: ignore },
    },
    customer,
  )
  const { rows, now } = await context.records.load(customer, ['customers', ...told])
  const { unknown } = purchaseChanges(context.catalog, rows.grants.map(({ value }) => value), bought, now)
  return { reading, differences: differencesOf(customer, rows, now, { reading, writes }), unknown }
}

function ignore(): void {
  // Whoever reconciles is told by the report.
}

function differencesOf(
  customer: string,
  rows: RecordReading<'customers' | (typeof told)[number]>['rows'],
  now: Instant,
  { reading, writes }: { readonly reading: PaymentReading | null; readonly writes: readonly RecordWrite[] },
): readonly Difference[] {
  const stored = new Map<string, object>()
  for (const name of told) for (const { id, value } of rows[name]) stored.set(`${name}:${id}`, value)
  const { paymentCustomer: linked = null, changesAt = null } = rows.customers[0]?.value ?? {}
  const revived = (reading?.subscriptions ?? []).flatMap((listed): readonly Difference[] => {
    const known = rows.subscriptions.find(({ id }) => id === listed.id)?.value
    if (known === undefined || !hasEnded(known) || hasEnded(listed)) return []
    const field = { field: 'status', stored: known.status, stripe: listed.status }
    return [{ kind: 'difference', customer, collection: 'subscriptions', id: listed.id, ...field, repaired: false }]
  })
  const changed = writes.flatMap((write): readonly Difference[] => {
    const { collection, id, value } = write
    const difference = { kind: 'difference', customer, collection, id, repaired: false } as const
    if (collection === 'customers') {
      const stripe = value?.paymentCustomer ?? null
      return stripe === linked ? [] : [{ ...difference, field: 'paymentCustomer', stored: linked, stripe }]
    }
    if (!told.some((name) => name === collection)) return []
    const known = stored.get(`${collection}:${id}`)
    if (known === undefined) return [{ ...difference, field: null, stored: null, stripe: value }]
    const before = new Map<string, unknown>(Object.entries(known))
    const after = new Map<string, unknown>(Object.entries(value ?? {}))
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((field) => factsIn(before.get(field)) !== factsIn(after.get(field)))
      .map((field) => ({ ...difference, field, stored: before.get(field) ?? null, stripe: after.get(field) ?? null }))
  })
  // Nothing revives what has ended, so no write shows that it lives on.
  const differences = [...changed, ...revived]
  const row = writes.find((write) => write.collection === 'customers')?.value
  // What is due already is for a sweep, and what else differs explains it.
  const isDue = changesAt !== null && changesAt <= now
  if (differences.length > 0 || isDue || !row || row.changesAt === changesAt) return differences
  const difference = { kind: 'difference', customer, collection: 'customers', id: customer, repaired: false } as const
  return [{ ...difference, field: 'changesAt', stored: changesAt, stripe: row.changesAt }]
}

/** Whether two rehearsals found the same thing. */
export function isSameDifference(one: Difference, other: Difference): boolean {
  return one.collection === other.collection && one.id === other.id && one.field === other.field
}
