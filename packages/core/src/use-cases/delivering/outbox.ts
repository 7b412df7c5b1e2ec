import { type CustomerRecords, entitlementsAt } from '../../domain/entitlement.ts'
import { type Instant, hour, minute, second } from '../../domain/instant.ts'
import type { PlanClaims } from '../../domain/plan-claims.ts'
import { needsRecords, planClaimsOf } from '../../domain/plan-claims-of.ts'
import type { OutboxRow, RecordEntry, RecordWrite } from '../../ports/record-store.ts'
import type { Context } from '../context.ts'
import { loadCustomer } from '../customers/load-customer.ts'
import { failureCode } from '../failure-code.ts'
import { answerWithin } from '../store-timeout.ts'
import type { DomainEvent, EventName, EventPayloads } from './events.ts'

/** Something that happened, as handlers will be told. With an `id` of its own it is told once, whoever finds it. */
export type Fact = {
  [Name in EventName]: { readonly name: Name; readonly data: EventPayloads[Name]; readonly id?: string }
}[EventName]

/** What became of the rows that were due. */
export interface OutboxDrain {
  readonly delivered: number
  readonly failed: number
}

/** What became of the first row of a queue; `dueAt` is when it can next be tried. */
type RowOutcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed' | 'waiting'; readonly dueAt: Instant }

type Deliver = (entry: RecordEntry<'outbox'>) => Promise<void>

/** The queue of plan claims on their way to the sign-in service. Its one row carries no payload: the latest is sent. */
const claimsDestination = 'claims'

/** How long a delivery may take before another process tries it. */
const lease = minute

/** How long a handler may take. One that takes longer has failed, may still do its work, and is called again. */
const patience = 30 * second

/** For how long a process without a handler leaves a row out of its sweeps. Whoever has one does not wait. */
const foreignPause = minute

/** The failure of a row that was met by a process without a handler for it. */
const noHandler = 'no-handler'

/** Facts of one version are numbered below this. */
const mostFacts = 1000

/** The plan claims that `records` stand for at `now`. */
export function claimsOfRecords(context: Pick<Context, 'catalog'>, records: CustomerRecords, now: Instant): PlanClaims {
  const entitlements = entitlementsAt(context.catalog, records, now)
  return planClaimsOf(entitlements, needsRecords(context.catalog, entitlements, entitlements.grants.length > 0))
}

/**
 * One row a fact and handler that is registered in this process. Ids come from the fact, or from the version, which is
 * committed once, so they are stable; and from the instant, for records that come back from a copy give versions anew.
 */
export function factWrites(
  context: Context,
  { customer, version }: Pick<CustomerRecords, 'customer' | 'version'>,
  facts: readonly Fact[],
  now: Instant,
): readonly RecordWrite[] {
  return facts.flatMap(({ name, data, id }, index) => {
    const event: DomainEvent<EventName> = { id: id ?? `${customer}:${version}:${index}:${now}`, name, customer, data }
    const listeners = context.events.listeners().filter((listener) => listener.event === name)
    return listeners.map(({ destination }): RecordWrite => {
      const sequence = version * mostFacts + index
      const value: OutboxRow = { destination, sequence, payload: { event }, attempts: 0, dueAt: now, fencing: 0, failure: null }
      return { collection: 'outbox', id: `${destination}:${sequence}`, expect: 0, value }
    })
  })
}

/**
 * The row that sends the latest claims. A row that is under way keeps its lease or its pause, so that two senders never
 * overlap; whoever holds it sees that it was written and sends again.
 */
export async function claimsWrite(
  context: Context,
  { customer, version }: Pick<CustomerRecords, 'customer' | 'version'>,
  now: Instant,
  outbox?: readonly RecordEntry<'outbox'>[],
): Promise<readonly RecordWrite[]> {
  if (context.claims === null) return []
  const queued = outbox ?? (await context.records.load(customer, ['outbox'], { outbox: [claimsDestination] })).rows.outbox
  const known = queued.find((entry) => entry.id === claimsDestination)
  const fresh = { attempts: 0, dueAt: now, fencing: 0, failure: null }
  const value: OutboxRow = { ...fresh, ...known?.value, destination: claimsDestination, sequence: version, payload: null }
  return [{ collection: 'outbox', id: claimsDestination, expect: known?.revision ?? 0, value }]
}

/**
 * Delivers what is due for a customer: at least once, in order within each destination, destinations side by side, so
 * that a handler that fails holds up nothing but its own queue. A failure is tried again after a pause that doubles
 * from one second to one hour. What only another process can deliver is left to that process.
 *
 * @throws FareboxError `unavailable` when the store cannot answer; the rows stay.
 */
export async function drainOutbox(context: Context, customer: string): Promise<OutboxDrain> {
  const { rows } = await context.records.load(customer, ['outbox'])
  const destinations = new Set(rows.outbox.map((entry) => entry.value.destination))
  const drains = await Promise.all([...destinations].map((destination) => drainDestination(context, customer, destination)))
  return {
    delivered: drains.reduce((sum, drain) => sum + drain.delivered, 0),
    failed: drains.reduce((sum, drain) => sum + drain.failed, 0),
  }
}

async function drainDestination(context: Context, customer: string, destination: string): Promise<OutboxDrain> {
  for (let delivered = 0; ; delivered += 1) {
    const { rows, now } = await context.records.load(customer, ['outbox'])
    const queue = rows.outbox
      .filter((entry) => entry.value.destination === destination)
      .toSorted((one, other) => one.value.sequence - other.value.sequence)
    const [head, ...rest] = queue
    if (head === undefined) return { delivered, failed: 0 }
    const deliver = deliveryTo(context, destination)
    if (deliver === undefined) {
      await putOff(context, customer, queue, now, { dueAt: now + foreignPause, failure: noHandler })
      return { delivered, failed: 0 }
    }
    const outcome = await deliverRow(context, head, now, deliver)
    if (outcome.kind === 'delivered') continue
    if (outcome.kind !== 'taken') await putOff(context, customer, rest, now, { dueAt: outcome.dueAt })
    return { delivered, failed: outcome.kind === 'failed' ? 1 : 0 }
  }
}

/** In the hands of a process, or in a pause after a failure. What nobody had in hand yet goes as soon as it is the first. */
function isWaiting({ fencing, dueAt, failure }: OutboxRow, now: Instant): boolean {
  return fencing > 0 && failure !== noHandler && dueAt > now
}

/** Takes rows that are due out of the way of the sweep, which looks at those that have been due for longest. */
async function putOff(
  context: Context,
  customer: string,
  entries: readonly RecordEntry<'outbox'>[],
  now: Instant,
  change: Pick<OutboxRow, 'dueAt'> & Partial<Pick<OutboxRow, 'failure'>>,
): Promise<void> {
  const due = entries.filter(({ value }) => value.dueAt <= now)
  if (due.length === 0) return
  const writes = due.map(({ id, revision, value }): RecordWrite => {
    return { collection: 'outbox', id, expect: revision, value: { ...value, ...change } }
  })
  await context.records.commit(customer, writes)
}

async function deliverRow(
  context: Context,
  entry: RecordEntry<'outbox'>,
  now: Instant,
  deliver: Deliver,
): Promise<RowOutcome> {
  if (isWaiting(entry.value, now)) return { kind: 'waiting', dueAt: entry.value.dueAt }
  const claimed: OutboxRow = { ...entry.value, fencing: entry.value.fencing + 1, dueAt: now + lease, failure: null }
  if (!(await writeRow(context, entry, entry.revision, claimed))) return { kind: 'taken' }
  const failure = await answerWithin(deliver(entry), patience, 'The handler').then(() => null, failureCode)
  if (failure === null) {
    const isDone = await writeRow(context, entry, entry.revision + 1, null)
    if (!isDone && entry.value.payload === null) await sendAgain(context, entry, claimed.fencing)
    return { kind: 'delivered' }
  }
  const attempts = entry.value.attempts + 1
  const dueAt = now + Math.min(hour, second * 2 ** Math.min(attempts - 1, 12))
  await writeRow(context, entry, entry.revision + 1, { ...claimed, attempts, dueAt, failure })
  context.logger.warn('What follows a change will be tried again', {
    customer: entry.customer,
    destination: entry.value.destination,
    attempts,
    failure,
  })
  return { kind: 'failed', dueAt }
}

/**
 * A row of state changed hands or was written while it was sent, so what was sent may be old or may have overtaken
 * something newer: the latest has to be sent once more.
 */
async function sendAgain(context: Context, { customer, id }: RecordEntry<'outbox'>, fencing: number): Promise<void> {
  const { records, now } = await loadCustomer(context, customer)
  const { rows } = await context.records.load(customer, ['outbox'])
  const entry = rows.outbox.find((item) => item.id === id)
  if (entry?.value.fencing === fencing) {
    await writeRow(context, entry, entry.revision, { ...entry.value, dueAt: now, attempts: 0, failure: null })
  } else {
    await context.records.commit(customer, await claimsWrite(context, records, now))
  }
}

/** How this process delivers to a destination; `undefined` where only another one can. */
function deliveryTo(context: Context, destination: string): Deliver | undefined {
  if (destination === claimsDestination) {
    const { claims } = context
    if (claims === null) return undefined
    return async ({ customer }) => {
      const { records, now } = await loadCustomer(context, customer)
      await claims.write(customer, claimsOfRecords(context, records, now))
    }
  }
  const listener = context.events.listeners().find((item) => item.destination === destination)
  // Rows of fact are written by `factWrites` alone, whose payload this is.
  return listener && (({ value }) => listener.deliver(value.payload?.['event'] as DomainEvent<EventName>))
}

async function writeRow(
  context: Context,
  { customer, id }: RecordEntry<'outbox'>,
  expect: number,
  value: OutboxRow | null,
): Promise<boolean> {
  const outcome = await context.records.commit(customer, [{ collection: 'outbox', id, expect, value }])
  return outcome.kind === 'committed'
}
