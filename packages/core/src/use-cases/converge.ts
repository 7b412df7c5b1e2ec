import type { Instant } from '../domain/instant.ts'
import { type Subscription, accessOf, hasEnded } from '../domain/subscription.ts'
import { FareboxError } from '../errors/error.ts'
import type { PaymentReading } from '../ports/payments.ts'
import type { ConvergenceRow, RecordWrite } from '../ports/record-store.ts'
import { changeEntitlements } from './change-entitlements.ts'
import { type ClaimedDelivery, type Convergence, convergencesOf } from './coalesce-convergence.ts'
import type { Context } from './context.ts'
import { checkId, loadCustomer } from './customers.ts'
import { drainSoon } from './drain-soon.ts'
import { doneWrites } from './inbox.ts'
import { finishOperation } from './operations.ts'
import { paymentsOf } from './payments-of.ts'
import { factsOfChange } from './reminders.ts'
import { retryConflicts } from './retry-conflicts.ts'
import { trialWrites } from './trials.ts'

/** What `farebox.converge` answers. */
export interface ConvergeOutcome {
  /** `unlinked`: the customer never bought anything, so there is nothing to read. */
  readonly kind: Convergence['kind']
  readonly customer: string
  readonly entitlementVersion: number
}

/** Convergences of one customer are numbered in one row. */
const rowId = 'stripe'

/**
 * Reads a customer from Stripe and stores what is true, then delivers what follows, so that a token that is refreshed
 * next carries it. Safe to call at any time and from anywhere; the last to begin wins.
 *
 * @throws FareboxError `payments-failed`, `unavailable`; then nothing was changed.
 */
export async function convergeCustomer(context: Context, customer: string): Promise<ConvergeOutcome> {
  checkId(customer, 'customer')
  await finishOperation(context, customer)
  const { kind, records } = await converge(context, customer, null)
  await drainSoon(context, customer)
  return { kind, customer, entitlementVersion: records.version }
}

/** Converges on behalf of a delivery, or of nobody. Those who come while one is under way share the next. */
export function converge(context: Context, customer: string, delivery: ClaimedDelivery | null): Promise<Convergence> {
  return convergencesOf(context).join(customer, delivery, (deliveries) => runConvergence(context, customer, deliveries))
}

async function runConvergence(
  context: Context,
  customer: string,
  deliveries: readonly ClaimedDelivery[],
): Promise<Convergence> {
  const payments = paymentsOf(context)
  const { row, records } = await loadCustomer(context, customer)
  const paymentCustomer = row?.value.paymentCustomer ?? null
  if (paymentCustomer === null) {
    return { kind: 'unlinked', records, lost: await completeAlone(context, customer, deliveries, 'ignored') }
  }
  const ticket = await takeTicket(context, customer)
  const reading = await payments.readCustomer(paymentCustomer)
  if (!reading.deleted && reading.customer !== customer) {
    throw new FareboxError('payments-failed', 'Stripe\'s customer does not name ours', { reason: 'customer-mismatch' })
  }
  const { records: stored, result } = await changeEntitlements<Applied | 'relinked' | 'superseded'>(context, customer, async (loaded) => {
    const linked = loaded.row.value.paymentCustomer
    if (linked !== null && linked !== paymentCustomer) return { writes: null, result: 'relinked' }
    const { rows } = await context.records.load(customer, ['convergences'])
    const entry = rows.convergences.find(({ id }) => id === rowId)
    if (entry !== undefined && entry.value.committed > ticket) return { writes: null, result: 'superseded' }
    const changes = changesOf(loaded.records.subscriptions, reading, loaded.now)
    const done = await doneWrites(context, customer, deliveries, 'applied')
    const committed: ConvergenceRow = { issued: entry?.value.issued ?? ticket, committed: ticket, committedAt: loaded.now }
    return {
      writes: [
        { collection: 'convergences', id: rowId, expect: entry?.revision ?? 0, value: committed },
        ...changes.map(({ after }): RecordWrite => ({ collection: 'subscriptions', id: after.id, value: after })),
        ...(await trialWrites(context, customer, reading.subscriptions)),
        ...done.writes,
      ],
      facts: changes.flatMap((change) => factsOfChange(change, loaded.now)),
      row: reading.deleted ? { paymentCustomer: null } : {},
      result: { lost: done.lost, changes },
    }
  })
  if (result === 'relinked') return runConvergence(context, customer, deliveries)
  if (result !== 'superseded') {
    warnOfPuzzles(context, customer, result.changes)
    return { kind: 'applied', records: stored, lost: result.lost }
  }
  return { kind: 'superseded', records: stored, lost: await completeAlone(context, customer, deliveries, 'superseded') }
}

/** A number higher than every one given before. Taken before the read, so the higher number saw the later truth. */
async function takeTicket(context: Context, customer: string): Promise<number> {
  return retryConflicts('The customer is being read by too many callers at once', async () => {
    const { rows } = await context.records.load(customer, ['convergences'])
    const entry = rows.convergences.find(({ id }) => id === rowId)
    const known: ConvergenceRow = entry?.value ?? { issued: 0, committed: 0, committedAt: null }
    const value: ConvergenceRow = { ...known, issued: known.issued + 1 }
    const outcome = await context.records.commit(customer, [
      { collection: 'convergences', id: rowId, expect: entry?.revision ?? 0, value },
    ])
    return outcome.kind === 'committed' ? value.issued : undefined
  })
}

/** Marks deliveries as done where a newer read, or none, has answered for them. */
async function completeAlone(
  context: Context,
  customer: string,
  deliveries: readonly ClaimedDelivery[],
  as: 'superseded' | 'ignored',
): Promise<readonly string[]> {
  return retryConflicts('The events are being received by too many workers at once', async () => {
    const { writes, lost } = await doneWrites(context, customer, deliveries, as)
    if (writes.length === 0) return lost
    const outcome = await context.records.commit(customer, writes)
    return outcome.kind === 'committed' ? lost : undefined
  })
}

/** Tells the log of subscriptions that are paid for, as it seems, and give nothing: somebody has to look at them. */
function warnOfPuzzles({ catalog, clock, logger }: Context, customer: string, changes: readonly SubscriptionChange[]): void {
  for (const { after } of changes) {
    const { id: subscription, plan, price, status } = after
    const hasPlan = plan !== null && Object.hasOwn(catalog.plans, plan)
    if (after.ours && !hasPlan && accessOf(after, catalog.lifecycle, clock.now()).access) {
      logger.warn('A subscription gives nothing: its prices name no plan of the catalog, or two', { customer, subscription, plan, price })
    }
    if (status === 'unknown') {
      logger.warn('A subscription gives nothing: its status is not known, or Stripe no longer lists it', { customer, subscription })
    }
  }
}

interface Applied {
  readonly lost: readonly string[]
  readonly changes: readonly SubscriptionChange[]
}

interface SubscriptionChange {
  readonly before: Subscription | null
  readonly after: Subscription
}

/**
 * What to store so that it equals the reading. Nothing revives a subscription that has ended. One that Stripe no longer
 * lists gives nothing from now on: with a deleted customer it has ended, else it is `unknown` until Stripe lists it again.
 */
function changesOf(
  stored: readonly Subscription[],
  { subscriptions, deleted }: PaymentReading,
  now: Instant,
): readonly SubscriptionChange[] {
  const listed = subscriptions.flatMap((after): SubscriptionChange[] => {
    const before = stored.find(({ id }) => id === after.id) ?? null
    if (before !== null && (isSame(before, after) || (hasEnded(before) && !hasEnded(after)))) return []
    return [{ before, after }]
  })
  const vanished = stored
    .filter((before) => !hasEnded(before) && !subscriptions.some(({ id }) => id === before.id))
    .filter((before) => deleted || before.endedAt === null)
    .map((before): SubscriptionChange => {
      const after: Subscription = { ...before, status: deleted ? 'canceled' : 'unknown', endedAt: before.endedAt ?? now }
      return { before, after }
    })
  return [...listed, ...vanished]
}

function isSame(first: Subscription, second: Subscription): boolean {
  // Every field is a plain value, and both have the same ones in the same order.
  return JSON.stringify(first) === JSON.stringify(second)
}
