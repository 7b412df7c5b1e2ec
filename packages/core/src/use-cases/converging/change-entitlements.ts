import { type CustomerRecords, entitlementsAt } from '../../domain/entitlement.ts'
import { type Instant, earlier } from '../../domain/instant.ts'
import type { CommitOutcome, CustomerRow, RecordEntry, RecordWrite } from '../../ports/record-store.ts'
import type { RaisingCommit } from '../../ports/store.ts'
import type { Context } from '../context.ts'
import { type KnownCustomer, ensureCustomer } from '../customers/ensure-customer.ts'
import { type LoadedCustomer, loadCustomer, wasHeldUp } from '../customers/load-customer.ts'
import { retryConflicts } from '../customers/retry-conflicts.ts'
import { type Fact, claimsWrite, factWrites } from '../delivering/outbox.ts'
import { nextReminderAt, remindersOf, tellOnce } from '../delivering/reminders.ts'
import { lastCommitsOf } from './last-commits.ts'

/** What a use-case wants to change, computed from what is stored. */
export interface EntitlementChange<Result> {
  /**
   * The rows to write, in the same commit as the new version. An empty list still makes a new version; `null` says
   * that there is nothing to change, and nothing is written.
   */
  readonly writes: readonly RecordWrite[] | null
  /**
   * What handlers are told. `plan.changed` is added where the governing plan is another than they were told last, and so is
   * what they are to be reminded of.
   */
  readonly facts?: readonly Fact[]
  /** Fields of the customer's own row that change along. */
  readonly row?: Partial<Pick<CustomerRow, 'paymentCustomer' | 'converged' | 'convergedAt' | 'repricedAt' | 'purchaseReads' | 'purchasesReadAt'>>
  readonly result: Result
}

/** The state of things after {@link changeEntitlements}. */
export interface ChangedEntitlements<Result> {
  /** Whether a commit was made. */
  readonly changed: boolean
  readonly records: CustomerRecords
  readonly result: Result
}

/**
 * The one writer of entitlements. The marker in the usage store is raised to the next version before the commit, so a
 * caller with older knowledge asks again; then the rows, the new version and everything that must follow (facts for
 * handlers, new claims) are committed together or not at all. `decide` runs again when someone else was faster.
 *
 * It does not drain the outbox: the caller does, once its own work is done.
 *
 * @throws FareboxError `conflict` when too many callers change this customer at once, `unavailable` from the stores.
 */
export async function changeEntitlements<Result>(
  context: Context,
  customer: string,
  decide: (loaded: KnownCustomer) => EntitlementChange<Result> | Promise<EntitlementChange<Result>>,
): Promise<ChangedEntitlements<Result>> {
  return retryConflicts(async () => {
    const loaded = await ensureCustomer(context, customer)
    const change = await decide(loaded)
    if (change.writes === null) return { changed: false, records: loaded.records, result: change.result }
    const committed = await commitChange(context, loaded, { ...change, writes: change.writes })
    lastCommitsOf(context).delete(customer)
    return committed && { changed: true, records: committed.records, result: change.result }
  })
}

/** A change with something to write. */
export type DecidedChange = Pick<EntitlementChange<unknown>, 'facts' | 'row'> & { readonly writes: readonly RecordWrite[] }

/** A customer after a change, by the store's clock of the commit, and whether it put something into the outbox. */
export interface CommittedChange extends LoadedCustomer {
  readonly row: RecordEntry<'customers'>
  readonly hasOutbox: boolean
}

/** A customer as a change begins from it. */
type ChangedCustomer = KnownCustomer & {
  /** What was loaded of the customer's outbox; it is read where it is not given. */
  readonly outbox?: readonly RecordEntry<'outbox'>[]
  /** Nobody has loaded it: this process has committed it so. */
  readonly isRemembered?: boolean
}

/**
 * Commits what was decided of a customer as it was loaded, and answers the records as they are then; `undefined` where
 * somebody else was faster.
 */
export async function commitChange(
  context: Context,
  loaded: ChangedCustomer,
  change: DecidedChange,
): Promise<CommittedChange | undefined> {
  const { customer } = loaded.records
  const version = await nextVersion(context, loaded)
  if (version === undefined) return undefined
  const records = recordsAfter(loaded, version, change.writes)
  const entitlements = entitlementsAt(context.catalog, records, loaded.now)
  const { plan, validUntil } = entitlements
  const reminders = remindersOf(context.catalog, records, entitlements, loaded.now)
  const all = [...planChange(loaded.row.value.plan, plan.key), ...(change.facts ?? []), ...reminders]
  const { facts, writes: notes } = await tellOnce(context, records.customer, all, loaded.now)
  const changesAt = earlier(validUntil, nextReminderAt(records, loaded.now))
  const { revision, value: before } = loaded.row
  const value: CustomerRow = { ...before, ...change.row, version: records.version, plan: plan.key, changesAt }
  const writes: readonly RecordWrite[] = [
    { collection: 'customers', id: customer, expect: revision, value },
    ...change.writes,
    ...notes,
    ...factWrites(context, records, facts, loaded.now),
    ...(await claimsWrite(context, records, loaded.now, loaded.outbox)),
  ]
  const outcome = await raiseAndCommit(context, loaded.now, records, writes)
  if (outcome.kind === 'conflict') return undefined
  context.cache.put(records)
  const row = { customer, id: customer, revision: revision + 1, value }
  return { now: outcome.now, row, records, hasOutbox: writes.some(({ collection }) => collection === 'outbox') }
}

/**
 * Above every version that anybody was told of: a marker above what was loaded is of a change that is under way or failed halfway, or of
 * records that are lost, where these were restored from a copy beside counters that lived on. `undefined` where somebody else was faster:
 * nobody raises a marker further than that only to lose the commit.
 */
async function nextVersion(context: Context, loaded: ChangedCustomer): Promise<number | undefined> {
  const { customer, version } = loaded.records
  // The marker was told of what is remembered, and is restored with the records where both are kept together.
  if (loaded.isRemembered || raisingOf(context) !== undefined) return version + 1
  const [reading] = await context.usage.read([{ customer, feature: '', buckets: [], gates: [] }])
  const marker = reading?.marker ?? 0
  if (marker <= version) return version + 1
  const present = await loadCustomer(context, customer)
  return present.row?.revision === loaded.row.revision ? marker + 1 : undefined
}

/** What commits rows and marker in one step, where both stores are its own. */
function raisingOf({ usage, records, raising }: Context): RaisingCommit | undefined {
  return raising?.usage === usage && raising.records === records ? raising : undefined
}

/**
 * A marker that was raised for nothing costs a question; one that is raised too late would let an old plan through. Whoever is held up
 * until a marker has expired may leave one that is too low, by what was loaded long ago or by being read meanwhile: it is
 * raised to what is committed.
 */
async function raiseAndCommit(
  context: Context,
  loadedAt: Instant,
  { customer, version }: CustomerRecords,
  writes: readonly RecordWrite[],
): Promise<CommitOutcome> {
  const { usage, records } = context
  const raising = raisingOf(context)
  if (raising !== undefined) return raising.commit(customer, writes, version)
  await usage.raiseVersion(customer, version)
  const outcome = await records.commit(customer, writes)
  if (wasHeldUp(context, loadedAt)) await usage.raiseVersion(customer, (await loadCustomer(context, customer)).records.version)
  return outcome
}

/** The records as they will be: the loaded ones with the writes applied, at a later version. Rows are named by their own id. */
function recordsAfter({ records }: LoadedCustomer, version: number, writes: readonly RecordWrite[]): CustomerRecords {
  const subscriptions = new Map(records.subscriptions.map((item) => [item.id, item]))
  const grants = new Map(records.grants.map((item) => [item.id, item]))
  const overrides = new Map(records.overrides.map((item) => [item.id, item]))
  for (const write of writes) {
    if (write.collection === 'subscriptions') put(subscriptions, write.id, write.value)
    if (write.collection === 'grants') put(grants, write.id, write.value)
    if (write.collection === 'overrides') put(overrides, write.id, write.value)
  }
  return {
    ...records,
    version,
    subscriptions: [...subscriptions.values()],
    grants: [...grants.values()],
    overrides: [...overrides.values()],
  }
}

function put<Value>(rows: Map<string, Value>, id: string, value: Value | null): void {
  if (value === null) rows.delete(id)
  else rows.set(id, value)
}

/** Compared with what was told last, for the plan may have changed by itself meanwhile. */
function planChange(from: string, to: string): readonly Fact[] {
  return from === to ? [] : [{ name: 'plan.changed', data: { from, to } }]
}
