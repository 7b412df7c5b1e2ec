import type { CustomerRecords } from '../../domain/entitlement.ts'
import type { Instant } from '../../domain/instant.ts'
import { FareboxError } from '../../errors/error.ts'
import type { PaymentReading, Payments, PurchaseReading } from '../../ports/payments.ts'
import type { CustomerRow, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { checkId } from '../customers/check-id.ts'
import type { KnownCustomer } from '../customers/ensure-customer.ts'
import { customerOf, decisive, loadCustomer } from '../customers/load-customer.ts'
import { retryConflicts } from '../customers/retry-conflicts.ts'
import { drainSoon } from '../delivering/drain-soon.ts'
import { factsOfChange } from '../delivering/reminders.ts'
import { finishOperation } from '../payments/finish-operation.ts'
import { paymentsOf } from '../payments/payments-of.ts'
import { type DecidedChange, commitChange } from './change-entitlements.ts'
import { type Asked, type Convergence, type Delivery, type Settlement, convergencesOf } from './coalesce-convergence.ts'
import { begunWrites, doneWrite, settledBefore } from './inbox.ts'
import { type StoredState, lastCommitsOf } from './last-commits.ts'
import { type PurchaseChanges, paidLate, purchaseChanges, voidedByNobody, warnOfUnknownPacks } from './purchases.ts'
import { type SubscriptionChange, changesOf, isRepriced, warnOfPuzzles } from './subscription-changes.ts'
import { trialWrites } from './trials.ts'

/** What `farebox.converge` answers. */
export interface ConvergeOutcome {
  /** `unlinked`: the customer never bought anything, so there is nothing to read. */
  readonly kind: Convergence['kind']
  readonly customer: string
  readonly entitlementVersion: number
}

/**
 * Reads a customer from Stripe and stores what is true, then delivers what follows, so that a token that is refreshed
 * next carries it. Safe to call at any time and from anywhere; the last to begin wins.
 *
 * @throws FareboxError `payments-failed`, `unavailable`; then nothing was changed.
 */
export async function convergeCustomer(context: Context, customer: string, read: typeof convergeWholly = convergeWholly): Promise<ConvergeOutcome> {
  checkId(customer, 'customer')
  await finishOperation(context, customer)
  const { kind, records } = await read(context, customer)
  await drainSoon(context, customer)
  return { kind, customer, entitlementVersion: records.version }
}

/** Converges with what was bought once, where the catalog sells anything like it. */
export function convergeWholly(context: Context, customer: string): Promise<Convergence> {
  return convergeFor(context, customer, sellsPacks(context) ? 'purchases' : 'subscriptions')
}

/** Converges with all that was ever bought once, where anything was: each grant of it is compared, however old. */
export async function convergeThoroughly(context: Context, customer: string): Promise<Convergence> {
  const isSold = sellsPacks(context) || (await loadCustomer(context, customer)).records.grants.some(({ purchase }) => purchase !== undefined)
  return convergeFor(context, customer, isSold ? 'everything' : 'subscriptions')
}

/** Converges on behalf of a delivery, or of nobody. Those who come while one is under way share the next. */
export function converge(context: Context, customer: string, delivery: Delivery | null): Promise<Convergence> {
  return convergeFor(context, customer, delivery ?? 'subscriptions')
}

function convergeFor(context: Context, customer: string, wanted: Delivery | Exclude<Asked, 'nothing'>): Promise<Convergence> {
  return convergencesOf(context).join(customer, wanted, (deliveries, asked) => runConvergence(context, customer, deliveries, asked))
}

function sellsPacks({ catalog }: Context): boolean {
  return Object.keys(catalog.packs).length > 0
}

/**
 * Loads, reads, commits. The commit holds only if nothing else of the customer was committed since it was loaded: where
 * that was a convergence, what was read may be older than what is stored, and it is read again. Of two that were committed
 * meanwhile the second one was loaded, and read, after this began: it covers what this was asked for. What this process
 * committed itself a moment ago need not be loaded.
 */
async function runConvergence(
  context: Context,
  customer: string,
  deliveries: readonly Delivery[],
  asked: Asked,
): Promise<Convergence> {
  const payments = paymentsOf(context)
  const isThorough = asked === 'everything'
  const isWhole = isThorough || asked === 'purchases' || deliveries.some((delivery) => needsPurchases(context, delivery))
  const commits = lastCommitsOf(context)
  let last = asked === 'nothing' ? commits.find(customer, deliveries, context.clock.now()) : undefined
  let begun: number | undefined
  let hasBegun = false
  let read: TimedReading | undefined

  return retryConflicts(async () => {
    const guess = last
    last = undefined
    const loaded = settleKnown(guess ?? (await loadState(context, customer, deliveries)), deliveries, hasBegun)
    const { row, records, open } = loaded
    const converged = row?.value.converged ?? 0
    const ticket = ticketOf(row?.value, isWhole)
    if (guess === undefined) begun ??= ticket
    const paymentCustomer = row?.value.paymentCustomer ?? null
    if (open.length === 0 && asked === 'nothing') return convergence('superseded', loaded, loaded.isPending, records)
    if (row === undefined || paymentCustomer === null) return completeAlone(context, loaded, 'unlinked')
    if (begun !== undefined && ticket > begun + 1) return completeAlone(context, loaded, 'superseded')
    const notes = hasBegun ? [] : begunWrites(open, loaded.inbox, loaded.now)
    if (notes.length > 0) {
      hasBegun = (await context.records.commit(customer, notes)).kind === 'committed'
      return undefined
    }
    hasBegun = guess === undefined
    if (read?.converged !== converged || read.paymentCustomer !== paymentCustomer) {
      read = { at: loaded.now, converged, paymentCustomer, reading: await readWhole(payments, isThorough ? {} : row.value, paymentCustomer, isWhole) }
    }
    return commitReading(context, { ...loaded, row }, read, { isThorough, isWhole, isRemembered: guess !== undefined })
  })
}

/** How often what is read was committed. A reading of the subscriptions alone does not stand for one of everything. */
function ticketOf(row: CustomerRow | undefined, isWhole: boolean): number {
  return (isWhole ? row?.purchaseReads : row?.converged) ?? 0
}

/** Commits what was read, and remembers how the customer stands then; `undefined` where somebody else was faster. */
async function commitReading(
  context: Context,
  loaded: LoadedState & KnownCustomer,
  { at: readAt, converged, reading }: TimedReading,
  { isThorough, isWhole, isRemembered }: Readonly<Record<'isThorough' | 'isWhole' | 'isRemembered', boolean>>,
): Promise<Convergence | undefined> {
  const { records, row, now } = loaded
  const { customer } = records
  if (!reading.deleted && reading.customer !== customer) {
    throw new FareboxError('payments-failed', 'Stripe\'s customer does not name ours', { reason: 'customer-mismatch' })
  }
  const changes = changesOf(records.subscriptions, reading, now)
  const voided = isThorough ? await voidedByNobody(context, loaded) : []
  const purchases = reading.bought && purchaseChanges(context.catalog, records.grants, reading.bought, now, voided)
  // What is committed after a conflict was read before it.
  const tickets = {
    converged: converged + 1, convergedAt: readAt,
    ...(isWhole && { purchaseReads: ticketOf(row.value, isWhole) + 1 }), ...(purchases !== null && { purchasesReadAt: readAt }),
  }
  const change = decideChange(loaded, reading, changes, purchases, tickets)
  // An answer may be long on its way: what it tells is as old as the question.
  const at = context.clock.now()
  const commits = lastCommitsOf(context)
  const committed = await commitChange(context, { ...loaded, isRemembered }, change)
  if (committed === undefined) {
    if (isRemembered) commits.distrust(at)
    return undefined
  }
  const isPending = loaded.isPending || committed.hasOutbox
  if (isPending || change.writes.some(({ collection }) => collection === 'trials')) commits.delete(customer)
  else commits.put(customer, { ...loaded, ...committed, inbox: new Map(), at })
  warnOfPuzzles(context, customer, changes)
  if (purchases !== null) warnOfUnknownPacks(context, customer, purchases)
  return convergence('applied', loaded, isPending, committed.records)
}

/** Whether what was bought once may have changed, too. */
function needsPurchases(context: Context, { reads, isReplay }: Delivery): boolean {
  return isReplay || reads === 'reversals' || (reads === 'purchases' && sellsPacks(context))
}

/** What one commit writes so that what is stored equals the reading: rows, the facts that apps are told of, and the notes of the deliveries. */
function decideChange(
  { trials, inbox, open, now }: LoadedState,
  { subscriptions, deleted }: WholeReading,
  changes: readonly SubscriptionChange[],
  purchases: PurchaseChanges | null,
  tickets: Pick<CustomerRow, 'converged' | 'convergedAt' | 'purchaseReads' | 'purchasesReadAt'>,
): DecidedChange {
  return {
    writes: [
      ...changes.map(({ after }): RecordWrite => ({ collection: 'subscriptions', id: after.id, value: after })),
      ...(purchases?.writes ?? []),
      ...trialWrites(trials, subscriptions),
      ...open.map((delivery) => doneWrite(inbox.get(delivery.event), delivery, 'applied', now)),
    ],
    facts: [...changes.flatMap((change) => factsOfChange(change, now)), ...(purchases?.facts ?? [])],
    row: {
      ...tickets,
      ...(changes.some(isRepriced) && { repricedAt: now }),
      ...(deleted && { paymentCustomer: null }),
    },
  }
}

/** A customer as Stripe has it, with what was bought once where that was asked for; `null` where it was not. */
type WholeReading = PaymentReading & { readonly bought: PurchaseReading | null }

/** A reading, when it was made, and how the customer stood then. */
interface TimedReading {
  readonly at: Instant
  readonly converged: number
  readonly paymentCustomer: string
  readonly reading: WholeReading
}

async function readWhole(payments: Payments, { purchasesReadAt }: Pick<CustomerRow, 'purchasesReadAt'>, paymentCustomer: string, isWhole: boolean): Promise<WholeReading> {
  const reading = await payments.readCustomer(paymentCustomer)
  if (!isWhole || reading.deleted || reading.customer === null) return { ...reading, bought: null }
  const since = purchasesReadAt === undefined ? null : purchasesReadAt - paidLate
  return { ...reading, bought: await payments.readPurchases({ paymentCustomer, since }) }
}

/** What is stored, and what it says of the deliveries. */
interface LoadedState extends StoredState {
  readonly isPending: boolean
  /** Of the deliveries that nothing is left to be done for. */
  readonly settled: ReadonlyMap<string, Settlement>
  readonly open: readonly Delivery[]
}

async function loadState({ records }: Context, customer: string, deliveries: readonly Delivery[]): Promise<StoredState> {
  const only = { inbox: deliveries.map(({ event }) => event) }
  const reading = await records.load(customer, [...decisive, 'trials', 'outbox', 'inbox'], only)
  const { trials, outbox, inbox } = reading.rows
  return { ...customerOf(customer, reading), trials, outbox, inbox: new Map(inbox.map((entry) => [entry.id, entry])) }
}

function settleKnown(stored: StoredState, deliveries: readonly Delivery[], hasBegun: boolean): LoadedState {
  const { row, inbox, now } = stored
  const linked = row?.value.paymentCustomer ?? null
  const settled = new Map<string, Settlement>()
  for (const delivery of deliveries) {
    // What was begun here is this customer's, though the link may have gone since with the customer in Stripe.
    const known = inbox.get(delivery.event)
    const isStranger = known === undefined && delivery.paymentCustomer !== null && delivery.paymentCustomer !== linked
    const settlement = settledBefore(known, delivery, hasBegun, now) ?? (isStranger ? { kind: 'stranger' } : undefined)
    if (settlement !== undefined) settled.set(delivery.event, settlement)
  }
  const open = deliveries.filter(({ event }) => !settled.has(event))
  return { ...stored, isPending: stored.outbox.length > 0, settled, open }
}

/** Marks deliveries as done where a newer read, or none, has answered for them. */
async function completeAlone(context: Context, loaded: LoadedState, kind: 'superseded' | 'unlinked'): Promise<Convergence | undefined> {
  const { open, inbox, records, now } = loaded
  const outcome = kind === 'unlinked' ? 'ignored' : kind
  const writes = open.map((delivery) => doneWrite(inbox.get(delivery.event), delivery, outcome, now))
  const committed = writes.length === 0 || (await context.records.commit(records.customer, writes)).kind === 'committed'
  return committed ? convergence(kind, loaded, loaded.isPending, records) : undefined
}

function convergence(kind: Convergence['kind'], { settled, open }: LoadedState, isPending: boolean, records: CustomerRecords): Convergence {
  const own: Settlement = { kind: kind === 'unlinked' ? 'ignored' : kind }
  return { kind, records, isPending, settled: new Map([...settled, ...open.map(({ event }) => [event, own] as const)]) }
}
