import { factsIn, hasEnded } from '../domain/subscription.ts'
import type { PaymentReading } from '../ports/payments.ts'
import type { RecordWrite } from '../ports/record-store.ts'
import type { Context } from './context.ts'
import { convergeWholly } from './converge.ts'
import { createCustomerCache } from './customer-cache.ts'
import { createEvents } from './events.ts'
import { paymentsOf } from './payments-of.ts'
import type { Difference } from './reconcile-report.ts'

/** What a convergence would store that is Stripe's to say. Everything else that it writes is bookkeeping. */
const told = ['subscriptions', 'grants', 'trials'] as const

/** What a convergence read, and what it would change. */
export interface Rehearsal {
  /** `null` where the customer is no longer linked to Stripe. */
  readonly reading: PaymentReading | null
  readonly differences: readonly Difference[]
}

/**
 * Converges a customer without writing anything, and answers what would change: by the very code that would change it, so
 * that the two cannot disagree. Nobody is told anything. Both stores are plain objects, as `withTimeout` makes them.
 */
export async function rehearseConvergence(context: Context, customer: string): Promise<Rehearsal> {
  let reading: PaymentReading | null = null
  const writes: RecordWrite[] = []
  const payments = paymentsOf(context)
  const { records, usage } = context
  await convergeWholly(
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
      },
      cache: createCustomerCache(),
      claims: null,
      events: createEvents(),
      logger: { info: ignore, warn: ignore, error: ignore },
    },
    customer,
  )
  return { reading, differences: await differencesOf(context, customer, { reading, writes }) }
}

function ignore(): void {
  // Whoever reconciles is told by the report.
}

async function differencesOf(
  context: Context,
  customer: string,
  { reading, writes }: { readonly reading: PaymentReading | null; readonly writes: readonly RecordWrite[] },
): Promise<readonly Difference[]> {
  const { rows } = await context.records.load(customer, ['customers', ...told])
  const stored = new Map<string, object>()
  for (const name of told) for (const { id, value } of rows[name]) stored.set(`${name}:${id}`, value)
  const linked = rows.customers[0]?.value.paymentCustomer ?? null
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
    const after = new Map<string, unknown>(Object.entries(value ?? {}))
    return Object.entries(known)
      .filter(([field, held]: [string, unknown]) => factsIn(held) !== factsIn(after.get(field)))
      .map(([field, held]: [string, unknown]) => ({ ...difference, field, stored: held, stripe: after.get(field) ?? null }))
  })
  // Nothing revives what has ended, so no write shows that it lives on.
  return [...changed, ...revived]
}

/** Whether two rehearsals found the same thing. */
export function isSameDifference(one: Difference, other: Difference): boolean {
  return one.collection === other.collection && one.id === other.id && one.field === other.field
}
