import { type Instant, minute, second } from '../domain/instant.ts'
import { type FareboxError, isFareboxError } from '../errors/error.ts'
import type { CollectionName, RecordEntry, RecordQuery } from '../ports/record-store.ts'
import type { UsageSweep } from '../ports/usage-store.ts'
import { changeEntitlements } from './change-entitlements.ts'
import { findGivenUp } from './check-health.ts'
import type { Delivery } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { converge } from './converge.ts'
import { loadCustomer } from './customers.ts'
import { failureCode } from './failure-code.ts'
import { begunWrite, endedRow, isUnended, mayBeUnderWay, recordFailure, unended } from './inbox.ts'
import { type OutboxDrain, drainOutbox } from './outbox.ts'
import { isAboutPayment } from './reminders.ts'
import { settleOperation } from './settle-operation.ts'

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

/** One sweep reads this many customers from Stripe, and finishes this many changes. */
const mostReads = 50

/**
 * A sweep begins with nothing more of a kind once it has been at it for this long, for Stripe and handlers may be slow: what
 * is left is due in the next one.
 */
const longestOfKind = 10 * second

/** Whether it has been at it for long enough, from now on. */
function startLimit({ clock }: Context): () => boolean {
  const end = clock.now() + longestOfKind
  return () => clock.now() >= end
}

/**
 * Does what is due, a bounded amount and a bounded time of each kind: telling what changed by itself (the end of an override, of grace, of a
 * trial), deliveries of the outbox, and dropping what has expired. For a cron; several at once do no harm. Without it
 * no decision is ever wrong: what follows is only later, and what is stored larger.
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
    events: await sweepFailed(context),
    outbox: await sweepOutbox(context),
    inbox: await sweepKept(context, 'inbox'),
    audit: await sweepKept(context, 'audit'),
  }
}

/** Finishes what was left halfway. What cannot be finished now is due again soon; it keeps nobody else's from being finished. */
async function sweepOperations(context: Context): Promise<number> {
  if (context.payments === null) return 0
  const isOver = startLimit(context)
  const due = await findDue(context, 'operations', 'dueAt', mostReads)
  let finished = 0
  for (const entry of due) {
    if (isOver()) break
    const { customer } = entry
    try {
      await settleOperation(context, customer)
      await converge(context, customer, null)
      finished += 1
    } catch (error) {
      context.logger.warn('A change left halfway will be tried again', { customer, failure: failureCode(error) })
      await putOff(context, entry)
    }
  }
  return finished
}

/** Lets others that are due go first, unless somebody has got any further with it meanwhile. */
async function putOff({ records, clock }: Context, { customer, id, revision, value }: RecordEntry<'operations'>): Promise<void> {
  try {
    await records.commit(customer, [{ collection: 'operations', id, expect: revision, value: { ...value, dueAt: clock.now() + minute } }])
  } catch {
    // Where the store takes nothing, it stays due; the log tells already.
  }
}

async function sweepCustomers(context: Context): Promise<number> {
  const due = await findDue(context, 'customers', 'changesAt')
  const isOver = startLimit(context)
  let told = 0
  let reads = 0
  for (const { customer, value: { changesAt, paymentCustomer } } of due) {
    if (changesAt !== null && paymentCustomer !== null && (await hangsOnPayment(context, customer, changesAt))) {
      reads += 1
      const outcome = reads > mostReads || isOver() ? 'later' : await readAgain(context, customer, null)
      if (outcome === 'told') told += 1
      if (outcome === 'told' || outcome === 'later') continue
    }
    const { changed } = await changeEntitlements(context, customer, ({ row: { value }, now }) => {
      const isDue = value.changesAt !== null && value.changesAt <= now
      return { writes: isDue ? [] : null, result: undefined }
    })
    if (changed) told += 1
  }
  return told
}

async function hangsOnPayment(context: Context, customer: string, instant: Instant): Promise<boolean> {
  if (context.payments === null) return false
  const { records } = await loadCustomer(context, customer)
  return isAboutPayment(context.catalog, records, instant)
}

/**
 * Nobody is reminded of a trial that was prolonged, or told that access ended while the payment's webhook was lost: Stripe
 * is asked first. While it cannot be reached the customer stays due; where it refuses, the records are all there is.
 */
async function readAgain(context: Context, customer: string, event: Delivery | null): Promise<'told' | 'later' | FareboxError> {
  try {
    await converge(context, customer, event)
    return 'told'
  } catch (error) {
    const failure = failureCode(error)
    context.logger.warn('A customer will be read again', { customer, failure })
    return isFareboxError(error) && error.code === 'payments-failed' ? error : 'later'
  }
}

/**
 * What Stripe has given up is as good as lost, and reading the customer makes up for it. Where that ends one sweep after the other, or
 * is refused again and again, the event is put aside, as it would be where that becomes of those who receive it.
 */
async function sweepFailed(context: Context): Promise<number> {
  if (context.payments === null) return 0
  const givenUp = (await findGivenUp(context, mostRows)).slice(0, mostReads)
  const isOver = startLimit(context)
  let done = 0
  for (const entry of givenUp) {
    if (isOver()) break
    const { customer, id, revision, value } = entry
    const delivery: Delivery = { event: id, type: value.type, paymentCustomer: null, isReplay: true, createdAt: null }
    const now = context.clock.now()
    if (mayBeUnderWay(value, now)) continue
    if (isUnended(value, now)) {
      await recordFailure(context, customer, delivery, unended())
      continue
    }
    if ((await context.records.commit(customer, [begunWrite(entry, now)])).kind === 'conflict') continue
    const outcome = await readAgain(context, customer, delivery)
    if (outcome === 'told') done += 1
    else if (outcome !== 'later') await recordFailure(context, customer, delivery, outcome)
    else await context.records.commit(customer, [{ collection: 'inbox', id, expect: revision + 1, value: endedRow(value) }])
  }
  return done
}

async function sweepOutbox(context: Context): Promise<OutboxDrain> {
  const due = await findDue(context, 'outbox', 'dueAt')
  const isOver = startLimit(context)
  let delivered = 0
  let failed = 0
  for (const customer of customersOf(due)) {
    if (isOver()) break
    const drain = await drainOutbox(context, customer)
    delivered += drain.delivered
    failed += drain.failed
  }
  return { delivered, failed }
}

async function sweepKept(context: Context, collection: 'inbox' | 'audit'): Promise<number> {
  const expired = await findDue(context, collection, 'keepUntil')
  let dropped = 0
  for (const customer of customersOf(expired)) {
    const own = expired.filter((entry) => entry.customer === customer)
    const outcome = await context.records.commit(
      customer,
      own.map(({ id, revision }) => ({ collection, id, expect: revision, value: null })),
    )
    if (outcome.kind === 'committed') dropped += own.length
  }
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

function customersOf(entries: readonly Pick<RecordEntry<'inbox'>, 'customer'>[]): ReadonlySet<string> {
  return new Set(entries.map(({ customer }) => customer))
}
