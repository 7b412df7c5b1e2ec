import { minute } from '../../domain/instant.ts'
import type { CollectionName, CustomerRow, RecordEntry, RecordQuery } from '../../ports/record-store.ts'
import type { UsageSweep } from '../../ports/usage-store.ts'
import type { Context } from '../context.ts'
import { changeEntitlements } from '../converging/change-entitlements.ts'
import { converge } from '../converging/converge.ts'
import { settleOperation } from '../converging/settle-operation.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { type OutboxDrain, drainOutbox } from '../delivering/outbox.ts'
import { isAboutPayment } from '../delivering/reminders.ts'
import { doEach } from './do-each.ts'
import { mostReads, readAgain, sweepGivenUp } from './sweep-given-up.ts'

/** What one sweep did. Call again while it did something. */
export interface SweepOutcome {
  readonly usage: UsageSweep
  /** Blocks of this instance that were given back because nobody had spent them in time. */
  readonly leases: number
  /** Customers whose entitlements had changed by themselves: handlers and claims are told. */
  readonly customers: number
  /** Changes of subscriptions that somebody had begun and left. */
  readonly operations: number
  /** Events that had failed until Stripe sent them no more, and whose customer was now read. */
  readonly events: number
  readonly outbox: OutboxDrain
  /** Notes of events that are older than Stripe could send again. */
  readonly inbox: number
  /** What an audit need no longer tell. */
  readonly audit: number
}

/** One sweep looks at this many rows of each kind, so that it fits a serverless function. */
const mostRows = 500

/**
 * Does what is due, a bounded amount and a bounded time of each kind: telling what changed by itself (the end of an override, of grace, of a
 * trial), deliveries of the outbox, and dropping what has expired. What was tried in vain lets others go first. For a cron; several at
 * once do no harm. Without it no decision is ever wrong: what follows is only later, and what is stored larger.
 *
 * @throws FareboxError `unavailable` when a store cannot answer.
 */
export async function sweepStore(context: Context): Promise<SweepOutcome> {
  const leases = (await context.leases?.sweep()) ?? 0
  const usage = await context.usage.sweep()
  const operations = await sweepOperations(context)
  return {
    usage,
    leases,
    operations,
    customers: await sweepCustomers(context),
    events: await sweepGivenUp(context),
    outbox: await sweepOutbox(context),
    inbox: await sweepKept(context, 'inbox'),
    audit: await sweepKept(context, 'audit'),
  }
}

/** Finishes what was left halfway. */
async function sweepOperations(context: Context): Promise<number> {
  if (context.payments === null) return 0
  return doEach(
    context,
    'A change left halfway',
    await findDue(context, 'operations', 'dueAt', mostReads),
    async ({ customer }) => {
      await settleOperation(context, customer)
      await converge(context, customer, null)
      return true
    },
    ({ id, revision, value }, now) => ({ collection: 'operations', id, expect: revision, value: { ...value, dueAt: now + minute } }),
  )
}

async function sweepCustomers(context: Context): Promise<number> {
  let reads = 0
  return doEach(
    context,
    'A customer',
    await findDue(context, 'customers', 'changesAt'),
    async ({ customer, value }) => {
      if (await hangsOnPayment(context, customer, value)) {
        reads += 1
        if (reads > mostReads) return false
        if ((await readAgain(context, customer, null)) === null) return true
      }
      const { changed } = await changeEntitlements(context, customer, ({ row, now }) => {
        const isDue = row.value.changesAt !== null && row.value.changesAt <= now
        return { writes: isDue ? [] : null, result: undefined }
      })
      return changed
    },
    // Behind everybody else who is due.
    ({ id, revision, value }, now) => ({ collection: 'customers', id, expect: revision, value: { ...value, changesAt: now } }),
  )
}

/** Whether payment may have changed what is due since Stripe was read: then Stripe is asked before anybody is told. */
async function hangsOnPayment(context: Context, customer: string, { paymentCustomer, convergedAt }: CustomerRow): Promise<boolean> {
  if (context.payments === null || paymentCustomer === null) return false
  const { records, now } = await loadCustomer(context, customer)
  return isAboutPayment(context.catalog, records, convergedAt ?? 0, now)
}

async function sweepOutbox(context: Context): Promise<OutboxDrain> {
  let delivered = 0
  let failed = 0
  await doEach(context, 'What follows a change', byCustomer(await findDue(context, 'outbox', 'dueAt')), async ({ customer }) => {
    const drain = await drainOutbox(context, customer)
    delivered += drain.delivered
    failed += drain.failed
    return true
  })
  return { delivered, failed }
}

async function sweepKept(context: Context, collection: 'inbox' | 'audit'): Promise<number> {
  let dropped = 0
  await doEach(context, 'Dropping what has expired', byCustomer(await findDue(context, collection, 'keepUntil')), async ({ customer, entries }) => {
    const writes = entries.map(({ id, revision }) => ({ collection, id, expect: revision, value: null }))
    if ((await context.records.commit(customer, writes)).kind === 'committed') dropped += entries.length
    return true
  })
  return dropped
}

function findDue<Name extends CollectionName>(
  context: Context,
  collection: Name,
  index: RecordQuery<Name>['index'],
  limit: number = mostRows,
): Promise<readonly RecordEntry<Name>[]> {
  return context.records.find({ collection, index, where: { atMost: context.clock.now() }, limit })
}

/** The rows of each customer, in the order in which the first of them is due. */
function byCustomer<Entry extends { readonly customer: string }>(
  rows: readonly Entry[],
): readonly { readonly customer: string; readonly entries: readonly Entry[] }[] {
  const customers = new Set(rows.map(({ customer }) => customer))
  return [...customers].map((customer) => ({ customer, entries: rows.filter((row) => row.customer === customer) }))
}
