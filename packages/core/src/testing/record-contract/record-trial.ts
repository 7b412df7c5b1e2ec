import type { Instant } from '../../domain/instant.ts'
import type { CommitOutcome, CustomerRow, InboxRow, OutboxRow, RecordEntry, RecordStore, RecordWrite } from '../../ports/record-store.ts'

/** One rule of the record store. */
export interface RecordCase {
  readonly name: string
  run(trial: RecordTrial): Promise<void>
}

/** A store on trial, and a customer nobody has seen before. */
export interface RecordTrial {
  readonly store: RecordStore
  readonly customer: string
  commit(...writes: readonly RecordWrite[]): Promise<CommitOutcome>
  /** The customer's own row. */
  row(): Promise<RecordEntry<'customers'> | undefined>
  /** Ids and revisions of the customer's outbox, by id. */
  outbox(): Promise<readonly (readonly [string, number])[]>
}

export function createTrial(store: RecordStore, customer: string): RecordTrial {
  return {
    store,
    customer,
    commit: async (...writes) => store.commit(customer, writes),
    async row() {
      const { rows } = await store.load(customer, ['customers'])
      return rows.customers[0]
    },
    async outbox() {
      const { rows } = await store.load(customer, ['outbox'])
      return rows.outbox.map((entry) => [entry.id, entry.revision] as const).toSorted(([first], [second]) => (first < second ? -1 : 1))
    },
  }
}

export function customerRow(changes: Partial<CustomerRow> = {}): CustomerRow {
  const beginning = { version: 1, createdAt: 1_700_000_000_000, plan: 'free', changesAt: null, converged: 0, convergedAt: null }
  return { ...beginning, paymentCustomer: null, email: null, name: null, ...changes }
}

export function inboxRow(changes: Partial<InboxRow> = {}): InboxRow {
  return { type: 'invoice.paid', state: 'failed', attempts: 1, outcome: null, failure: null, receivedAt: 0, keepUntil: 0, ...changes }
}

export function outboxRow(changes: Partial<OutboxRow> = {}): OutboxRow {
  const state = { sequence: 1, payload: null, attempts: 0, fencing: 0, failure: null }
  return { destination: 'marker', dueAt: 0, ...state, ...changes }
}

/** Writes of this suite, short. Without `expect` the write is unconditional. */
export function writeOutbox(id: string, dueAt: Instant = 0, expect?: number): RecordWrite {
  return { collection: 'outbox', id, value: outboxRow({ dueAt }), ...(expect !== undefined && { expect }) }
}
